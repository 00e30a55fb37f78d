#define _GNU_SOURCE
#include "CurlClient.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// The numbers are a part of libcurl's binary interface and never change.
enum {
    WRITE_DATA = 10001, URL = 10002, PROXY = 10004, ERROR_BUFFER = 10010, FIELDS_TO_SEND = 10023, CERTIFICATE = 10025,
    HEAD_DATA = 10029, METHOD = 10036, AUTHORITIES = 10065, KEY = 10087, PRIVATE = 10103, UNIX_SOCKET = 10231,
    BODY = 10165, AGENT = 10018,
    WRITE_FUNCTION = 20011, HEAD_FUNCTION = 20079,
    LEAST_SPEED = 19, LEAST_SPEED_TIME = 20, NO_BODY = 44, POST = 47, FOLLOW = 52, BODY_SIZE = 60, MOST_REDIRECTS = 68,
    HTTP_VERSION = 84, NO_SIGNAL = 99, WHOLE_TIME = 155, CONNECT_TIME = 156, PROTOCOLS = 181, REDIRECT_PROTOCOLS = 182,
    ALIVE = 213,
    MULTI_SOCKET_FUNCTION = 20001, MULTI_SOCKET_DATA = 10002, MULTI_TIMER_FUNCTION = 20004, MULTI_TIMER_DATA = 10005,
    INFO_PRIVATE = 0x100000 + 21,
    HTTP_AND_HTTPS = 3, VERSION_1_1 = 2, START_ALL = 3, SOCKET_OF_THE_TIMER = -1, MESSAGE_DONE = 1, REMOVED = 4,
};

struct message {
    int kind;
    void *easy;
    union { void *whatever; int code; } data;
};

static struct {
    void *library;
    int (*global_init)(long);
    void *(*multi_init)(void);
    int (*multi_cleanup)(void *);
    int (*multi_setopt)(void *, int, ...);
    int (*multi_add_handle)(void *, void *);
    int (*multi_remove_handle)(void *, void *);
    int (*multi_socket_action)(void *, int, int, int *);
    struct message *(*multi_info_read)(void *, int *);
    void *(*easy_init)(void);
    void (*easy_cleanup)(void *);
    int (*easy_setopt)(void *, int, ...);
    int (*easy_getinfo)(void *, int, ...);
    const char *(*easy_strerror)(int);
    void *(*slist_append)(void *, const char *);
    void (*slist_free_all)(void *);
} curl;

const char *cs_http_load(void) {
    static const char *const names[] = {"libcurl.so.4", "libcurl-gnutls.so.4", "libcurl.4.dylib"};
    if (curl.library) return NULL;
    void *library = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !library; i++)
        library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) return "libcurl is not installed (Debian's package libcurl4)";
#define FIND(function)                                                                                     \
    if (!(*(void **)&curl.function = dlsym(library, "curl_" #function))) return "libcurl has no curl_" #function
    FIND(global_init);
    FIND(multi_init);
    FIND(multi_cleanup);
    FIND(multi_setopt);
    FIND(multi_add_handle);
    FIND(multi_remove_handle);
    FIND(multi_socket_action);
    FIND(multi_info_read);
    FIND(easy_init);
    FIND(easy_cleanup);
    FIND(easy_setopt);
    FIND(easy_getinfo);
    FIND(easy_strerror);
    FIND(slist_append);
    FIND(slist_free_all);
    if (curl.global_init(START_ALL)) return "libcurl cannot start";
    curl.library = library;
    return NULL;
}

struct bytes {
    uint8_t *start;
    size_t count, capacity;
};

static int append(struct bytes *bytes, const void *more, size_t count) {
    if (count > bytes->capacity - bytes->count) {
        size_t capacity = (bytes->count + count) * 2;
        uint8_t *start = realloc(bytes->start, capacity);
        if (!start) return -1;
        bytes->start = start;
        bytes->capacity = capacity;
    }
    if (count) memcpy(bytes->start + bytes->count, more, count);
    bytes->count += count;
    return 0;
}

struct cs_http {
    void *multi;
    struct cs_http_socket *sockets;
    size_t count, capacity;
    int64_t deadline;
};

struct cs_transfer {
    cs_http *client;
    void *easy, *fields;
    uint8_t *sent;
    struct bytes head, body;
    int head_is_whole, was_taken;
    char error[256];
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static int set_timer(void *multi, long milliseconds, void *context) {
    (void)multi;
    ((cs_http *)context)->deadline = milliseconds < 0 ? -1 : now() + milliseconds;
    return 0;
}

static int set_socket(void *easy, int descriptor, int what, void *context, void *data) {
    (void)easy;
    (void)data;
    cs_http *client = context;
    size_t place = 0;
    while (place < client->count && client->sockets[place].descriptor != descriptor) place++;
    if (what == REMOVED) {
        if (place < client->count) client->sockets[place] = client->sockets[--client->count];
        return 0;
    }
    if (place == client->capacity) {
        size_t capacity = client->capacity * 2 + 8;
        struct cs_http_socket *sockets = realloc(client->sockets, capacity * sizeof *sockets);
        if (!sockets) return -1;
        client->sockets = sockets;
        client->capacity = capacity;
    }
    if (place == client->count) client->count++;
    client->sockets[place] = (struct cs_http_socket){descriptor, what};
    return 0;
}

cs_http *cs_http_new(void) {
    cs_http *client = calloc(1, sizeof *client);
    if (!client) return NULL;
    client->deadline = -1;
    client->multi = curl.multi_init();
    if (!client->multi) {
        free(client);
        return NULL;
    }
    curl.multi_setopt(client->multi, MULTI_SOCKET_FUNCTION, set_socket);
    curl.multi_setopt(client->multi, MULTI_SOCKET_DATA, client);
    curl.multi_setopt(client->multi, MULTI_TIMER_FUNCTION, set_timer);
    curl.multi_setopt(client->multi, MULTI_TIMER_DATA, client);
    return client;
}

void cs_http_free(cs_http *client) {
    curl.multi_cleanup(client->multi);
    free(client->sockets);
    free(client);
}

static size_t receive_head(char *bytes, size_t size, size_t count, void *context) {
    cs_transfer *transfer = context;
    const size_t length = size * count, most = 64 << 10;
    // The head of an answer that leads elsewhere, or of `100 Continue`, was not the last one.
    if (length >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
        transfer->head.count = 0;
        transfer->head_is_whole = 0;
    }
    if (transfer->head.count + length > most || append(&transfer->head, bytes, length)) return 0;
    if (length == 2 && bytes[0] == '\r') transfer->head_is_whole = 1;
    return length;
}

static size_t receive_body(char *bytes, size_t size, size_t count, void *context) {
    cs_transfer *transfer = context;
    if (transfer->was_taken) {
        transfer->body.count = 0;
        transfer->was_taken = 0;
    }
    return append(&transfer->body, bytes, size * count) ? 0 : size * count;
}

static int set_up(cs_transfer *transfer, const struct cs_http_request *request) {
    void *easy = transfer->easy;
    int failed = 0;
#define SET(option, value) failed |= curl.easy_setopt(easy, option, value)
#define SET_TEXT(option, text) if (text) SET(option, text)
    SET(URL, request->url);
    SET(METHOD, request->method);
    if (strcmp(request->method, "HEAD") == 0) SET(NO_BODY, 1L);
    SET(AGENT, "haproxy-gen");
    SET(NO_SIGNAL, 1L);
    SET(PROTOCOLS, (long)HTTP_AND_HTTPS);
    SET(REDIRECT_PROTOCOLS, (long)HTTP_AND_HTTPS);
    SET(HTTP_VERSION, (long)VERSION_1_1);
    SET(ALIVE, 1L);
    SET(ERROR_BUFFER, transfer->error);
    SET(PRIVATE, transfer);
    SET(HEAD_FUNCTION, receive_head);
    SET(HEAD_DATA, transfer);
    SET(WRITE_FUNCTION, receive_body);
    SET(WRITE_DATA, transfer);
    SET(CONNECT_TIME, request->connect_time);
    SET(WHOLE_TIME, request->whole_time);
    SET(LEAST_SPEED, request->silence_time ? 1L : 0L);
    SET(LEAST_SPEED_TIME, request->silence_time);
    SET(FOLLOW, request->redirects ? 1L : 0L);
    SET(MOST_REDIRECTS, request->redirects);
    SET_TEXT(AUTHORITIES, request->authorities);
    SET_TEXT(CERTIFICATE, request->certificate);
    SET_TEXT(KEY, request->key);
    if (request->unix_socket) {
        SET(UNIX_SOCKET, request->unix_socket);
        // Variables of the environment that name a proxy are for the network.
        SET(PROXY, "");
    }
    if (transfer->fields) SET(FIELDS_TO_SEND, transfer->fields);
    if (transfer->sent) {
        SET(POST, 1L);
        SET(METHOD, request->method);
        SET(BODY_SIZE, (long)request->body_length);
        SET(BODY, transfer->sent);
    }
    return failed;
}

static int copy_texts(cs_transfer *transfer, const struct cs_http_request *request) {
    for (size_t i = 0; i < request->field_count; i++) {
        void *fields = curl.slist_append(transfer->fields, request->fields[i]);
        if (!fields) return -1;
        transfer->fields = fields;
    }
    if (!request->body) return 0;
    transfer->sent = malloc(request->body_length + 1);
    if (!transfer->sent) return -1;
    memcpy(transfer->sent, request->body, request->body_length);
    return 0;
}

cs_transfer *cs_http_start(cs_http *client, const struct cs_http_request *request) {
    cs_transfer *transfer = calloc(1, sizeof *transfer);
    if (!transfer) return NULL;
    transfer->easy = curl.easy_init();
    if (transfer->easy && !copy_texts(transfer, request) && !set_up(transfer, request) &&
        !curl.multi_add_handle(client->multi, transfer->easy)) {
        transfer->client = client;
        return transfer;
    }
    cs_transfer_free(transfer);
    return NULL;
}

void cs_transfer_free(cs_transfer *transfer) {
    if (transfer->client) curl.multi_remove_handle(transfer->client->multi, transfer->easy);
    if (transfer->easy) curl.easy_cleanup(transfer->easy);
    if (transfer->fields) curl.slist_free_all(transfer->fields);
    free(transfer->sent);
    free(transfer->head.start);
    free(transfer->body.start);
    free(transfer);
}

size_t cs_http_sockets(const cs_http *client, struct cs_http_socket *sockets, size_t size) {
    for (size_t i = 0; i < client->count && i < size; i++) sockets[i] = client->sockets[i];
    return client->count;
}

int64_t cs_http_deadline(const cs_http *client) { return client->deadline; }

void cs_http_ready(cs_http *client, int descriptor, int readiness) {
    int running;
    curl.multi_socket_action(client->multi, descriptor, readiness, &running);
}

void cs_http_time_out(cs_http *client) {
    int running;
    client->deadline = -1;
    curl.multi_socket_action(client->multi, SOCKET_OF_THE_TIMER, 0, &running);
}

cs_transfer *cs_http_ended(cs_http *client, int *code) {
    int left;
    struct message *message;
    while ((message = curl.multi_info_read(client->multi, &left))) {
        if (message->kind != MESSAGE_DONE) continue;
        *code = message->data.code;
        cs_transfer *transfer = NULL;
        curl.easy_getinfo(message->easy, INFO_PRIVATE, &transfer);
        return transfer;
    }
    return NULL;
}

const char *cs_transfer_head(const cs_transfer *transfer, size_t *length) {
    *length = transfer->head.count;
    return transfer->head_is_whole ? (const char *)transfer->head.start : NULL;
}

const uint8_t *cs_transfer_take(cs_transfer *transfer, size_t *length) {
    *length = transfer->was_taken ? 0 : transfer->body.count;
    transfer->was_taken = 1;
    return transfer->body.start;
}

const char *cs_transfer_error(const cs_transfer *transfer, int code) {
    return transfer->error[0] ? transfer->error : curl.easy_strerror(code);
}
