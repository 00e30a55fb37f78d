// A client of HTTP on libcurl, which is looked for when it is first needed: nothing of it is needed to build or to start.
// One thread at a time uses a client.

#ifndef CURL_CLIENT_H
#define CURL_CLIENT_H

#include <stddef.h>
#include <stdint.h>

/// Why there is no libcurl, in words; NULL: it is loaded.
const char *cs_http_load(void);

typedef struct cs_http cs_http;
typedef struct cs_transfer cs_transfer;

/// A client; NULL: there is no memory.
cs_http *cs_http_new(void);

/// Ends a client, of which all transfers have been freed.
void cs_http_free(cs_http *client);

/// What is asked. Every text may be NULL but the method and the URL.
struct cs_http_request {
    const char *method, *url;
    /// The path of a unix socket that is connected to in place of the URL's host.
    const char *unix_socket;
    /// `NAME: VALUE` each.
    const char *const *fields;
    size_t field_count;
    const void *body;
    size_t body_length;
    /// Files in PEM.
    const char *authorities, *certificate, *key;
    /// Milliseconds for connecting, and for all of it; 0: without end.
    long connect_time, whole_time;
    /// Seconds in which at least a byte must come; 0: without end.
    long silence_time;
    /// How often an answer may lead elsewhere.
    long redirects;
};

/// Begins a transfer; NULL: there is no memory, or libcurl refuses an option.
cs_transfer *cs_http_start(cs_http *client, const struct cs_http_request *request);

/// Ends a transfer at once, whether or not it is over, and frees it.
void cs_transfer_free(cs_transfer *transfer);

/// What of a socket is waited for.
enum { CS_HTTP_READS = 1, CS_HTTP_WRITES = 2 };

struct cs_http_socket {
    int descriptor;
    int readiness;
};

/// The sockets that are waited for, at most `size` of them; how many there are.
size_t cs_http_sockets(const cs_http *client, struct cs_http_socket *sockets, size_t size);

/// When `cs_http_time_out` is due, in milliseconds of the monotonic clock; -1: never.
int64_t cs_http_deadline(const cs_http *client);

/// A socket is ready.
void cs_http_ready(cs_http *client, int descriptor, int readiness);

/// The deadline has passed.
void cs_http_time_out(cs_http *client);

/// A transfer that has ended and not been given yet, with libcurl's code (0: all is there); NULL: there is none.
cs_transfer *cs_http_ended(cs_http *client, int *code);

/// The head of the answer, when it is whole: lines with their ends. NULL before.
const char *cs_transfer_head(const cs_transfer *transfer, size_t *length);

/// The bytes of the body that have come since the last call; valid until the client is used again.
const uint8_t *cs_transfer_take(cs_transfer *transfer, size_t *length);

/// What went wrong, in words.
const char *cs_transfer_error(const cs_transfer *transfer, int code);

#endif
