#define _GNU_SOURCE
#include "CSystem.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int cs_pipe(int ends[2]) {
#ifdef __linux__
    return pipe2(ends, O_CLOEXEC);
#else
    if (pipe(ends)) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
#endif
}

int cs_start_in(posix_spawn_file_actions_t *actions, const char *folder) {
    return posix_spawn_file_actions_addchdir_np(actions, folder);
}

// The unix socket's address at a path; 0, or -1 where the path is too long.
static int unix_address(struct sockaddr_un *address, const char *path) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    const size_t length = strlen(path);
    if (length >= sizeof address->sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address->sun_path, path, length);
    return 0;
}

// Closes a descriptor and keeps the error.
static int give_up(int descriptor) {
    const int number = errno;
    close(descriptor);
    errno = number;
    return -1;
}

int cs_connect(const char *path, int datagrams) {
    struct sockaddr_un address;
    if (unix_address(&address, path)) return -1;
    const int descriptor = socket(AF_UNIX, datagrams ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (descriptor < 0) return -1;
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address)) return give_up(descriptor);
    return descriptor;
}

static void private_and_waiting(int descriptor) {
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    fcntl(descriptor, F_SETFL, O_NONBLOCK);
}

// Removes a socket whose server is gone; -1 where there is a server, or another kind of file.
static int remove_abandoned(const char *path) {
    struct stat status;
    if (lstat(path, &status)) return errno == ENOENT ? 0 : -1;
    if (!S_ISSOCK(status.st_mode)) {
        errno = EEXIST;
        return -1;
    }
    const int other = cs_connect(path, 0);
    if (other >= 0) {
        close(other);
        errno = EADDRINUSE;
        return -1;
    }
    return errno == ECONNREFUSED ? unlink(path) : -1;
}

int cs_listen_at(const char *path, unsigned mode) {
    struct sockaddr_un address;
    if (unix_address(&address, path) || remove_abandoned(path)) return -1;
    const int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    if (descriptor < 0) return -1;
    private_and_waiting(descriptor);
    // Nobody can connect before `listen`, so the mode comes in time.
    if (bind(descriptor, (const struct sockaddr *)&address, sizeof address) || chmod(path, mode) ||
        listen(descriptor, SOMAXCONN))
        return give_up(descriptor);
    return descriptor;
}

int cs_listen_on(const char *host, uint16_t port, uint16_t *bound) {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    memset(&address, 0, sizeof address);
    socklen_t size = sizeof address.v4;
    if (inet_pton(AF_INET, host, &address.v4.sin_addr) == 1) {
        address.v4.sin_family = AF_INET;
        address.v4.sin_port = htons(port);
    } else if (inet_pton(AF_INET6, host, &address.v6.sin6_addr) == 1) {
        address.v6.sin6_family = AF_INET6;
        address.v6.sin6_port = htons(port);
        size = sizeof address.v6;
    } else {
        errno = EINVAL;
        return -1;
    }
    const int descriptor = socket(address.any.sa_family, SOCK_STREAM, 0);
    if (descriptor < 0) return -1;
    private_and_waiting(descriptor);
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (size == sizeof address.v6) setsockopt(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (bind(descriptor, &address.any, size) || listen(descriptor, SOMAXCONN) ||
        getsockname(descriptor, &address.any, &size))
        return give_up(descriptor);
    *bound = ntohs(address.any.sa_family == AF_INET ? address.v4.sin_port : address.v6.sin6_port);
    return descriptor;
}

int cs_accept(int listener) {
    const int descriptor = accept(listener, NULL, NULL);
    if (descriptor < 0) return -1;
    private_and_waiting(descriptor);
    const int on = 1;
    // Fails for a unix socket, which needs it not.
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

int cs_send_datagram(const char *path, const void *bytes, size_t count) {
    struct sockaddr_un address;
    memset(&address, 0, sizeof address);
    address.sun_family = AF_UNIX;
    const size_t length = strlen(path);
    if (length >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, length);
    if (path[0] == '@') address.sun_path[0] = 0;
    const int descriptor = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (descriptor < 0) return -1;
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    const socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    // A manager that does not read must not stop us.
    const ssize_t sent = sendto(descriptor, bytes, count, MSG_DONTWAIT, (const struct sockaddr *)&address, size);
    const int number = errno;
    close(descriptor);
    errno = number;
    return sent < 0 ? -1 : 0;
}

int cs_limit(int what, uint64_t value) {
    struct rlimit limit;
    int resource;
    switch (what) {
    case CS_CORE: resource = RLIMIT_CORE; break;
    case CS_CPU: resource = RLIMIT_CPU; break;
    case CS_MEMORY: resource = RLIMIT_AS; break;
    case CS_FILE_SIZE: resource = RLIMIT_FSIZE; break;
    case CS_OPEN_FILES: resource = RLIMIT_NOFILE; break;
    case CS_PROCESSES: resource = RLIMIT_NPROC; break;
    case CS_LOCKED_MEMORY: resource = RLIMIT_MEMLOCK; break;
#ifdef __linux__
    case CS_QUEUES: resource = RLIMIT_MSGQUEUE; break;
#endif
    default: errno = ENOSYS; return -1;
    }
    if (getrlimit(resource, &limit)) return -1;
    // Raising needs a right that root in a container lacks.
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > value) limit.rlim_max = (rlim_t)value;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(resource, &limit);
}

#ifdef __linux__

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

// Numbers and structs that headers older than the kernel lack. They are the same on all machines.
enum { CALL_CLOSE_RANGE = 436, CALL_MOUNT_SETATTR = 442, CALL_LANDLOCK = 444 };
enum { LARGEST_DESCRIPTOR = 1 << 16 };

int cs_close_from(int first) {
    if (syscall(CALL_CLOSE_RANGE, (unsigned)first, ~0u, 0u) == 0) return 0;
    for (int descriptor = first; descriptor < LARGEST_DESCRIPTOR; descriptor++) close(descriptor);
    return 0;
}

int cs_no_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); }

int cs_end_with_parent(int pipe) {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)) return -1;
    // A parent that ended before has closed its side.
    struct pollfd other = {.fd = pipe, .events = POLLOUT};
    if (poll(&other, 1, 0) == 1 && other.revents & POLLERR) {
        errno = EPIPE;
        return -1;
    }
    return 0;
}

int cs_unshare(int kinds) {
    int flags = 0;
    if (kinds & CS_USER) flags |= CLONE_NEWUSER;
    if (kinds & CS_NETWORK) flags |= CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS;
    if (kinds & CS_MOUNTS) flags |= CLONE_NEWNS;
    return unshare(flags);
}

int cs_raise_loopback(void) {
    int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) return -1;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    request.ifr_flags = IFF_UP;
    int status = ioctl(descriptor, SIOCSIFFLAGS, &request);
    int error = errno;
    close(descriptor);
    errno = error;
    return status;
}

int cs_mount(int what, const char *source, const char *target) {
    switch (what) {
    case CS_MOUNT_PRIVATE: return mount("none", target, NULL, MS_REC | MS_PRIVATE, NULL);
    case CS_MOUNT_MEMORY: return mount("none", target, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, source);
    // A part of what lies below would be seen that is hidden now, and the system refuses that: so all of it.
    case CS_MOUNT_BIND: return mount(source, target, NULL, MS_BIND | MS_REC, NULL);
    default: errno = ENOSYS; return -1;
    }
}

int cs_mount_attributes(const char *path, int set, int clear) {
    struct { uint64_t set, clear, propagation, user; } attributes = {0, 0, 0, 0};
    const uint64_t read_only = 1, no_set_id = 2, no_programs = 8;
    if (set & CS_READ_ONLY) attributes.set |= read_only;
    if (set & CS_NO_PROGRAMS) attributes.set |= no_programs | no_set_id;
    if (clear & CS_READ_ONLY) attributes.clear |= read_only;
    if (clear & CS_NO_PROGRAMS) attributes.clear |= no_programs;
    const unsigned recursive = 0x8000;
    return (int)syscall(CALL_MOUNT_SETATTR, AT_FDCWD, path, recursive, &attributes, sizeof attributes);
}

// Landlock. The structs are those of version 6: the kernel takes a longer one as long as what it does not know is 0.

enum {
    EXECUTE = 1, WRITE_FILE = 2, READ_FILE = 4, READ_FOLDER = 8, REMOVE_FOLDER = 16, REMOVE_FILE = 32,
    MAKE_FOLDER = 128, MAKE_FILE = 256, MAKE_SOCKET = 512, REFER = 8192, TRUNCATE = 16384, DEVICE_CALLS = 32768,
    ALL_OF_VERSION_1 = 0x1FFF,
};

static uint64_t handled(int version) {
    uint64_t rights = ALL_OF_VERSION_1;
    if (version >= 2) rights |= REFER;
    if (version >= 3) rights |= TRUNCATE;
    if (version >= 5) rights |= DEVICE_CALLS;
    return rights;
}

int cs_landlock_version(void) { return (int)syscall(CALL_LANDLOCK, NULL, 0, 1u); }

int cs_landlock_create(int version, int allows_binding) {
    const uint64_t bind_tcp = 1, connect_tcp = 2, abstract_sockets = 1, signals = 2;
    struct { uint64_t files, network, scoped; } rules = {handled(version), 0, 0};
    if (version >= 4) rules.network = connect_tcp | (allows_binding ? 0 : bind_tcp);
    if (version >= 6) rules.scoped = abstract_sockets | signals;
    return (int)syscall(CALL_LANDLOCK, &rules, sizeof rules, 0u);
}

int cs_landlock_allow(int rules, int version, const char *path, int access) {
    struct __attribute__((packed)) { uint64_t rights; int32_t place; } rule = {0, -1};
    if (access & CS_READ) rule.rights |= READ_FILE | READ_FOLDER;
    if (access & CS_RUN) rule.rights |= READ_FILE | EXECUTE;
    if (access & CS_WRITE)
        rule.rights |= WRITE_FILE | REMOVE_FOLDER | REMOVE_FILE | MAKE_FOLDER | MAKE_FILE | MAKE_SOCKET | REFER | TRUNCATE;
    rule.place = open(path, O_PATH | O_CLOEXEC);
    if (rule.place < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : -1;
    struct stat status;
    if (fstat(rule.place, &status) == 0 && !S_ISDIR(status.st_mode))
        rule.rights &= EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | DEVICE_CALLS;
    rule.rights &= handled(version);
    const int below_path = 1;
    int result = (int)syscall(CALL_LANDLOCK + 1, rules, below_path, &rule, 0u);
    int error = errno;
    close(rule.place);
    errno = error;
    return result;
}

int cs_landlock_enter(int rules) { return (int)syscall(CALL_LANDLOCK + 2, rules, 0u); }

// The filter of system calls.

#if defined(__x86_64__)
#define MACHINE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define MACHINE AUDIT_ARCH_AARCH64
#endif

#ifdef MACHINE

// Answered with EPERM, so that the proxy can say so.
static const int denied[] = {
    SYS_sendmsg, SYS_sendmmsg, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev, SYS_kill,
    SYS_tkill, SYS_mount, SYS_umount2, SYS_pivot_root, SYS_chroot, SYS_unshare, SYS_setns, SYS_bpf,
    SYS_perf_event_open, SYS_keyctl, SYS_add_key, SYS_request_key, SYS_userfaultfd, SYS_kexec_load,
    SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_reboot, SYS_swapon, SYS_swapoff,
    SYS_open_by_handle_at, SYS_name_to_handle_at, SYS_mknodat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr,
    SYS_utimensat, SYS_mq_open, SYS_msgget, SYS_shmget, SYS_semget, SYS_setsid, SYS_setpgid,
    SYS_quotactl, SYS_acct, SYS_settimeofday, SYS_clock_settime, SYS_adjtimex, SYS_sethostname, SYS_setdomainname,
#ifdef SYS_mknod
    SYS_mknod, SYS_fork, SYS_vfork, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
    // io_uring_setup … register, pidfd_send_signal, open_tree … fsmount, pidfd_open, mount_setattr
    424, 425, 426, 427, 428, 429, 430, 431, 432, 433, 434, 442,
};

// What only a proxy does that answers requests: it connects to its servers, and keeps an old socket by a link.
static const int connecting[] = {
    SYS_connect, SYS_linkat,
#ifdef SYS_link
    SYS_link,
#endif
};

// Answered 0 and not done: nginx as root gives its folders to the user of its workers.
static const int pretended[] = {
    SYS_fchown, SYS_fchownat, SYS_fchmod, SYS_fchmodat,
#ifdef SYS_chown
    SYS_chown, SYS_lchown, SYS_chmod,
#endif
    452,  // fchmodat2
};

enum { MAXIMUM_FILTER = 256, CALL_CLONE3 = 435, X32_CALLS = 0x40000000 };

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, field)
#define NUMBER offsetof(struct seccomp_data, nr)
#define LOWER_HALF(argument) (offsetof(struct seccomp_data, args) + 8 * (argument))
#define UPPER_HALF(argument) (LOWER_HALF(argument) + 4)
#define ANSWER(answer) BPF_STMT(BPF_RET | BPF_K, answer)
#define UNLESS(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped)

static void add(struct sock_filter *filter, int *count, struct sock_filter step) {
    if (*count < MAXIMUM_FILTER) filter[(*count)++] = step;
}

static void answer(struct sock_filter *filter, int *count, const int *calls, size_t number, unsigned answer) {
    for (size_t i = 0; i < number; i++) {
        add(filter, count, (struct sock_filter)UNLESS((unsigned)calls[i], 1));
        add(filter, count, (struct sock_filter)ANSWER(answer));
    }
}

int cs_filter_calls(int may_connect) {
    struct sock_filter filter[MAXIMUM_FILTER];
    int count = 0;
    // Calls of another machine's kind have other numbers.
    const struct sock_filter start[] = {
        LOAD(offsetof(struct seccomp_data, arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, MACHINE, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(NUMBER),
#ifdef __x86_64__
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, X32_CALLS, 0, 1),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
#endif
        // Its flags lie in memory: without it, the C library takes `clone`.
        UNLESS(CALL_CLONE3, 1),
        ANSWER(SECCOMP_RET_ERRNO | ENOSYS),
        // New threads, but no new processes.
        UNLESS(SYS_clone, 4),
        LOAD(LOWER_HALF(0)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0),
        ANSWER(SECCOMP_RET_ERRNO | EPERM),
        ANSWER(SECCOMP_RET_ALLOW),
        // No message to an address.
        UNLESS(SYS_sendto, 6),
        LOAD(LOWER_HALF(4)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2),
        LOAD(UPPER_HALF(4)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0),
        ANSWER(SECCOMP_RET_ERRNO | EPERM),
        ANSWER(SECCOMP_RET_ALLOW),
    };
    for (size_t i = 0; i < sizeof start / sizeof *start; i++) add(filter, &count, start[i]);
    if (!may_connect)
        answer(filter, &count, connecting, sizeof connecting / sizeof *connecting, SECCOMP_RET_ERRNO | EPERM);
    answer(filter, &count, denied, sizeof denied / sizeof *denied, SECCOMP_RET_ERRNO | EPERM);
    answer(filter, &count, pretended, sizeof pretended / sizeof *pretended, SECCOMP_RET_ERRNO | 0);
    add(filter, &count, (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW));
    struct sock_fprog program = {(unsigned short)count, filter};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#else

int cs_filter_calls(int may_connect) {
    (void)may_connect;
    errno = ENOSYS;
    return -1;
}

#endif

int cs_drop_capabilities(int keeps_reading) {
    const int largest = 63, reads_everything = CAP_DAC_READ_SEARCH;
    // What is not in the bounding set comes back to nobody; without the right to change that set, `no new privileges`
    // has the same effect.
    for (int capability = 0; capability <= largest; capability++)
        if (!keeps_reading || capability != reads_everything) prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    memset(data, 0, sizeof data);
    if (keeps_reading) {
        if (syscall(SYS_capget, &header, data)) return -1;
        const uint32_t kept = data[0].permitted & (1u << reads_everything);
        memset(data, 0, sizeof data);
        data[0].effective = data[0].permitted = data[0].inheritable = kept;
    }
    return (int)syscall(SYS_capset, &header, data);
}

#else

static int missing(void) {
    errno = ENOSYS;
    return -1;
}

int cs_close_from(int first) {
    int last = getdtablesize();
    for (int descriptor = first; descriptor < last; descriptor++) close(descriptor);
    return 0;
}

int cs_no_new_privileges(void) { return missing(); }
int cs_unshare(int kinds) { return missing(); }
int cs_end_with_parent(int pipe) { return missing(); }
int cs_raise_loopback(void) { return missing(); }
int cs_mount(int what, const char *source, const char *target) { return missing(); }
int cs_mount_attributes(const char *path, int set, int clear) { return missing(); }
int cs_landlock_version(void) { return missing(); }
int cs_landlock_create(int version, int allows_binding) { return missing(); }
int cs_landlock_allow(int rules, int version, const char *path, int access) { return missing(); }
int cs_landlock_enter(int rules) { return missing(); }
int cs_filter_calls(int may_connect) { return missing(); }
int cs_drop_capabilities(int keeps_reading) { return missing(); }

#endif
