#pragma once
/* Linux interfaces that the Glibc module map of the toolchain leaves out. */
#include <stddef.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <syslog.h>

/* pidfd_open(2) and pidfd_send_signal(2), in glibc since 2.36. Declared here because
   <sys/pidfd.h> drags <fcntl.h> and its types into this module. */
extern int pidfd_open(int pid, unsigned int flags);
extern int pidfd_send_signal(int pidfd, int signal, void *info, unsigned int flags);

/* Open file description locks, fcntl(2); hidden without _GNU_SOURCE. */
static const int deploy_ledger_ofd_setlkw = 38;

/* getrandom(2); <sys/random.h> would drag ssize_t and its kin into this module. */
extern long getrandom(void *buffer, size_t length, unsigned int flags);

/* sigabbrev_np(3), in glibc since 2.32; hidden without _GNU_SOURCE. */
extern const char *sigabbrev_np(int signal);

/* syslog(3) takes variable arguments, which Swift cannot call. */
static inline void deploy_ledger_syslog(int priority, const char *message) {
    syslog(priority, "%s", message);
}

/* memfd_create(2); hidden without _GNU_SOURCE. */
extern int memfd_create(const char *name, unsigned int flags);
