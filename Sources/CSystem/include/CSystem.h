// What Swift cannot call: system calls without a function of the C library, variadic functions, and structs that
// differ between kernels. Every function returns -1 and sets errno when it fails; where the system has no such thing,
// errno is ENOSYS.

#ifndef CSYSTEM_H
#define CSYSTEM_H

#include "CurlClient.h"

#include <spawn.h>
#include <stddef.h>
#include <stdint.h>

/// Both ends of a pipe that no other program inherits.
int cs_pipe(int ends[2]);

/// Lets a process that is started begin in a folder; an error number as the result.
int cs_start_in(posix_spawn_file_actions_t *actions, const char *folder);

/// Closes every descriptor from `first` on.
int cs_close_from(int first);

/// Gives this process and its children no way to gain rights by running a program.
int cs_no_new_privileges(void);

/// Kinds of namespaces.
enum { CS_USER = 1, CS_NETWORK = 2, CS_MOUNTS = 4 };

/// Leaves namespaces for empty or copied ones. CS_NETWORK stands for everything that reaches other processes.
int cs_unshare(int kinds);

/// Brings the loopback interface of this network namespace up.
int cs_raise_loopback(void);

/// What `cs_mount` does.
enum {
    /// Mounts below `target` are told to nobody, and nobody tells them.
    CS_MOUNT_PRIVATE,
    /// An empty file system in memory over `target`, for `source` as its options.
    CS_MOUNT_MEMORY,
    /// The file or folder `source` over `target`, with all that is mounted below it.
    CS_MOUNT_BIND,
};

int cs_mount(int what, const char *source, const char *target);

/// Attributes of mounts.
enum { CS_READ_ONLY = 1, CS_NO_PROGRAMS = 2 };

/// Sets and clears attributes of the mount at `path` and of all below it.
int cs_mount_attributes(const char *path, int set, int clear);

/// The version of Landlock.
int cs_landlock_version(void);

/// A rule set that allows nothing; a descriptor.
int cs_landlock_create(int version, int allows_binding);

/// What a path may be used for, with everything below it.
enum { CS_READ = 1, CS_WRITE = 2, CS_RUN = 4 };

/// Adds a rule. What is not there needs none: that is no error.
int cs_landlock_allow(int rules, int version, const char *path, int access);

/// Binds this process, its children and what they run to the rules.
int cs_landlock_enter(int rules);

/// Refuses the system calls that no check of a configuration needs, and pretends that changes of owner and mode were
/// made, for this process, its children and what they run. Connections are refused where `may_connect` is 0.
int cs_filter_calls(int may_connect);

/// Kills this process when its parent ends, until its rights change; EPIPE when the parent has ended already, which shows
/// at a pipe that it reads.
int cs_end_with_parent(int pipe);

/// Connects to the unix socket at a path, for a stream or for `datagrams`; a descriptor that no other program inherits.
int cs_connect(const char *path, int datagrams);

/// Listens at a path, which gets the mode, without blocking. A socket whose server is gone is replaced; EADDRINUSE where
/// there is a server, EEXIST where there is another kind of file.
int cs_listen_at(const char *path, unsigned mode);

/// Listens on an IP address and a port, without blocking; port 0 is any that is free. `bound` is the port.
int cs_listen_on(const char *host, uint16_t port, uint16_t *bound);

/// A connection that never blocks and that no other program inherits.
int cs_accept(int listener);

/// Sends one datagram to the unix socket at a path; where the path begins with an at sign, to the one of that abstract name.
int cs_send_datagram(const char *path, const void *bytes, size_t count);

/// Gives up all capabilities for good, save reading whatever the file system holds where `keeps_reading` is not 0.
int cs_drop_capabilities(int keeps_reading);

/// Limits.
enum { CS_CORE, CS_CPU, CS_MEMORY, CS_FILE_SIZE, CS_OPEN_FILES, CS_PROCESSES, CS_LOCKED_MEMORY, CS_QUEUES };

/// Lowers a limit of this process; one that is lower stays.
int cs_limit(int what, uint64_t value);

#endif
