#pragma once
/* Linux interfaces that the Glibc module map of the toolchain leaves out. */
#include <malloc.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <syslog.h>

/* pidfd_open(2) and pidfd_send_signal(2), in glibc since 2.36. Declared here because
   <sys/pidfd.h> drags <fcntl.h> and its types into this module. */
extern int pidfd_open(int pid, unsigned int flags);
extern int pidfd_send_signal(int pidfd, int signal, void *info, unsigned int flags);

/* gettid(2), under another name because some versions of glibc's module have it. */
extern int deploy_ledger_gettid(void) __asm__("gettid");

/* Open file description locks, fcntl(2); hidden without _GNU_SOURCE. */
static const int deploy_ledger_ofd_getlk = 36;
static const int deploy_ledger_ofd_setlk = 37;

/* getrandom(2); <sys/random.h> would drag ssize_t and its kin into this module. */
extern long getrandom(void *buffer, size_t length, unsigned int flags);

/* mallopt(3) with the names of its parameters, which are macros. */
static inline void deploy_ledger_shape_heap(int arenas, int padding) {
    mallopt(M_ARENA_MAX, arenas);
    mallopt(M_TOP_PAD, padding);
}

/* pipe2(2); hidden without _GNU_SOURCE. */
extern int pipe2(int ends[2], int flags);

/* sigabbrev_np(3), in glibc since 2.32; hidden without _GNU_SOURCE. */
extern const char *sigabbrev_np(int signal);

/* syslog(3) takes variable arguments, which Swift cannot call. */
static inline void deploy_ledger_syslog(int priority, const char *message) {
    syslog(priority, "%s", message);
}

/* renameat2(2); hidden without _GNU_SOURCE. */
extern int renameat2(int from, const char *old, int to, const char *name, unsigned int flags);

/* fallocate(2) with FALLOC_FL_KEEP_SIZE; hidden without _GNU_SOURCE, and off_t is of <sys/types.h>. */
extern int deploy_ledger_fallocate(int file, int mode, long offset, long length)
    __asm__("fallocate");
static const int deploy_ledger_keep_size = 1;

/* Leases, fcntl(2); hidden without _GNU_SOURCE. */
static const int deploy_ledger_setlease = 1024;

/* posix_spawn_file_actions_addclosefrom_np(3), in glibc since 2.34; hidden without _GNU_SOURCE. */
extern int deploy_ledger_addclosefrom(void *actions, int lowest)
    __asm__("posix_spawn_file_actions_addclosefrom_np");

/* memfd_create(2); hidden without _GNU_SOURCE. */
extern int memfd_create(const char *name, unsigned int flags);

/* What the kernel gave this process: saved before Swift's runtime starts, which finds no arguments
   at all when /proc/self/maps cannot be read. */
extern int deploy_ledger_argc(void);
extern char **deploy_ledger_argv(void);

/* The name that execve(2) was given, getauxval(3); NULL where the kernel does not say. */
static inline const char *deploy_ledger_executed(void) {
    return (const char *)getauxval(AT_EXECFN);
}

/* Whether something is mounted at exactly this path: statx(2), STATX_ATTR_MOUNT_ROOT, since Linux
   5.8; 0 where that cannot be told. */
int deploy_ledger_is_mount_root(const char *path);

/* O_PATH of open(2); hidden without _GNU_SOURCE. The same on all machines Linux and Swift share. */
static const int deploy_ledger_o_path = 010000000;
