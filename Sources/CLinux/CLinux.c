#define _GNU_SOURCE

#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

const int linux_O_PATH = O_PATH;
const int linux_O_TMPFILE = O_TMPFILE;
const uint64_t linux_RESOLVE_BENEATH = RESOLVE_BENEATH;
const uint64_t linux_RESOLVE_NO_SYMLINKS = RESOLVE_NO_SYMLINKS;
const uint64_t linux_RESOLVE_NO_MAGICLINKS = RESOLVE_NO_MAGICLINKS;
const unsigned int linux_RENAME_EXCHANGE = RENAME_EXCHANGE;
const unsigned int linux_RENAME_NOREPLACE = RENAME_NOREPLACE;
const int linux_SO_PEERCRED = SO_PEERCRED;
const int linux_SO_PEERGROUPS = SO_PEERGROUPS;

int linux_openat2(int directory, const char *path, int flags, mode_t mode, uint64_t resolve) {
    struct open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)(unsigned int)flags;
    how.mode = mode;
    how.resolve = resolve;
    return (int)syscall(SYS_openat2, directory, path, &how, sizeof how);
}

ssize_t linux_getdents64(int directory, void *buffer, size_t size) {
    return (ssize_t)syscall(SYS_getdents64, directory, buffer, size);
}

int linux_renameat2(int oldDirectory, const char *oldPath, int newDirectory, const char *newPath, unsigned int flags) {
    return renameat2(oldDirectory, oldPath, newDirectory, newPath, flags);
}

#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000U
#endif
#ifndef STATX_MNT_ID_UNIQUE
#define STATX_MNT_ID_UNIQUE 0x4000U
#endif

static int64_t nanoseconds(struct statx_timestamp time) {
    int64_t result;
    if (__builtin_mul_overflow((int64_t)time.tv_sec, (int64_t)1000000000, &result)
        || __builtin_add_overflow(result, (int64_t)time.tv_nsec, &result))
        return time.tv_sec < 0 ? INT64_MIN : INT64_MAX;
    return result;
}

static int file_status_of(int directory, const char *path, int flags, struct file_status *to) {
    struct statx from;
    if (statx(directory, path, flags, STATX_BASIC_STATS | STATX_MNT_ID | STATX_MNT_ID_UNIQUE, &from) != 0) return -1;
    to->device = makedev(from.stx_dev_major, from.stx_dev_minor);
    to->inode = from.stx_ino;
    to->links = from.stx_nlink;
    to->size = (int64_t)from.stx_size;
    to->modified = nanoseconds(from.stx_mtime);
    to->changed = nanoseconds(from.stx_ctime);
    to->mode = from.stx_mode;
    to->uid = from.stx_uid;
    to->gid = from.stx_gid;
    // Both numbers have this place in struct statx; a unique one is above 2^31, a made one has the top bit set.
    to->mount = from.stx_mask & (STATX_MNT_ID | STATX_MNT_ID_UNIQUE) ? from.stx_mnt_id : UINT64_C(1) << 63 | to->device;
    return 0;
}

int linux_fstat(int descriptor, struct file_status *status) {
    return file_status_of(descriptor, "", AT_EMPTY_PATH, status);
}

int linux_fstatat(int directory, const char *path, struct file_status *status, int flags) {
    return file_status_of(directory, path, flags | AT_NO_AUTOMOUNT, status);
}

int linux_is_regular(uint32_t mode) { return S_ISREG(mode); }
int linux_is_directory(uint32_t mode) { return S_ISDIR(mode); }
int linux_is_symbolic_link(uint32_t mode) { return S_ISLNK(mode); }
int linux_is_socket(uint32_t mode) { return S_ISSOCK(mode); }

static void copy_file_system(const struct statfs *from, struct file_system *to) {
    uint32_t words[2] = {0, 0};
    memcpy(words, &from->f_fsid, sizeof from->f_fsid < sizeof words ? sizeof from->f_fsid : sizeof words);
    // f_type is signed, and 32 bits wide on some architectures; SMB's magic number has the top bit set.
    to->type = (int64_t)(uint32_t)from->f_type;
    to->identifier = (uint64_t)words[1] << 32 | words[0];
    to->blockSize = (uint64_t)(from->f_frsize ? from->f_frsize : from->f_bsize);
    to->blocks = from->f_blocks;
    to->availableBlocks = from->f_bavail;
    to->files = from->f_files;
    to->freeFiles = from->f_ffree;
}

int linux_statfs(const char *path, struct file_system *result) {
    struct statfs value;
    if (statfs(path, &value) != 0) return -1;
    copy_file_system(&value, result);
    return 0;
}

int linux_fstatfs(int descriptor, struct file_system *result) {
    struct statfs value;
    if (fstatfs(descriptor, &value) != 0) return -1;
    copy_file_system(&value, result);
    return 0;
}

int linux_syncfs(int descriptor) { return syncfs(descriptor); }

int linux_eventfd(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

_Static_assert(sizeof(struct peer_credentials) == sizeof(struct ucred), "the kernel writes a struct ucred");

int linux_peer_credentials(int socket, struct peer_credentials *credentials) {
    socklen_t length = sizeof *credentials;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, credentials, &length) != 0) return -1;
    if (length != sizeof *credentials) {
        errno = EPROTO;
        return -1;
    }
    return 0;
}

int linux_peer_groups(int socket, gid_t *groups, int capacity) {
    if (capacity < 0 || (size_t)capacity > INT_MAX / sizeof(gid_t)) {
        errno = EINVAL;
        return -1;
    }
    socklen_t length = (socklen_t)((size_t)capacity * sizeof(gid_t));
    if (getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups, &length) != 0) return -1;
    return (int)(length / sizeof(gid_t));
}

int linux_accept(int socket) { return accept4(socket, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

void linux_name_this_thread(const char *name) { pthread_setname_np(pthread_self(), name); }
