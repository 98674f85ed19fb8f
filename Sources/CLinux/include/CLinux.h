// What Swift's Glibc module does not show because it needs _GNU_SOURCE, and what glibc has no function for.
//
// Only declarations: a module whose headers are read with _GNU_SOURCE contradicts Swift's Glibc module (fd_set has other
// member names), so the definitions, which need it, are in CLinux.c.
//
// Functions return -1 and set errno, as the system calls do, unless they say otherwise.

#ifndef CLINUX_H
#define CLINUX_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Flags of open(2). */

extern const int linux_O_PATH;
extern const int linux_O_TMPFILE;

/* Paths. */

extern const uint64_t linux_RESOLVE_BENEATH;
extern const uint64_t linux_RESOLVE_NO_SYMLINKS;
extern const uint64_t linux_RESOLVE_NO_MAGICLINKS;

/// openat2(2), for which glibc 2.36 has no function. ENOSYS before Linux 5.6; EPERM under some seccomp filters.
int linux_openat2(int directory, const char *path, int flags, mode_t mode, uint64_t resolve);

/// getdents64(2): fills `buffer` with directory entries; 0 at the end.
/// An entry: u64 inode, s64 position, u16 length of the entry, u8 type (DT_…), name with NUL.
ssize_t linux_getdents64(int directory, void *buffer, size_t size);

extern const unsigned int linux_RENAME_EXCHANGE;
extern const unsigned int linux_RENAME_NOREPLACE;

int linux_renameat2(int oldDirectory, const char *oldPath, int newDirectory, const char *newPath, unsigned int flags);

/* Status of files. */

/// The part of struct stat that tells one version of a file from another. Times in ns since 1970, clamped to int64.
/// Its own type because in a module that sees NIO the members of struct stat cannot be named.
struct file_status {
    uint64_t device, inode, links;
    int64_t size, modified, changed;
    uint32_t mode, uid, gid;
    // Which mount it was reached through: STATX_MNT_ID_UNIQUE (Linux 6.8), else STATX_MNT_ID (5.8), whose numbers are
    // given out again, else made of the device.
    uint64_t mount;
};

int linux_fstat(int descriptor, struct file_status *status);
int linux_fstatat(int directory, const char *path, struct file_status *status, int flags);

int linux_is_regular(uint32_t mode);
int linux_is_directory(uint32_t mode);
int linux_is_symbolic_link(uint32_t mode);
int linux_is_socket(uint32_t mode);

/* File systems. */

struct file_system {
    int64_t type;         // magic number, linux/magic.h, as an unsigned 32-bit value
    uint64_t identifier;  // f_fsid; 0 where the file system has none
    uint64_t blockSize, blocks, availableBlocks, files, freeFiles;
};

int linux_statfs(const char *path, struct file_system *result);
int linux_fstatfs(int descriptor, struct file_system *result);

/// syncfs(2): writes back the file system that the descriptor is on.
int linux_syncfs(int descriptor);

/* Waking a thread. */

/// An eventfd that does not block and is closed on exec.
int linux_eventfd(void);

/* Peers of a UNIX socket. */

/// struct ucred, laid out as SO_PEERCRED fills it.
struct peer_credentials {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

extern const int linux_SO_PEERCRED;
extern const int linux_SO_PEERGROUPS;

/// Who connected, as the kernel noted at connect(2).
int linux_peer_credentials(int socket, struct peer_credentials *credentials);

/// The peer's supplementary groups (Linux 4.13).
/// Returns their number, at most `capacity`; -1 with ERANGE if there are more.
int linux_peer_groups(int socket, gid_t *groups, int capacity);

/// accept4(2) with a descriptor that does not block and is closed on exec.
int linux_accept(int socket);

/* Threads. */

/// pthread_setname_np(3) for the calling thread; names of more than 15 bytes are refused.
void linux_name_this_thread(const char *name);

#endif
