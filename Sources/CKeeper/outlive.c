#define _GNU_SOURCE
#include "CKeeper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "text.h"

/* How often we look whether anything runs inside, in ms. */
static const int interval = 50;

static int64_t now_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The lock by which deployments inside another one keep it from letting go. */
static int set_inner_lock(int file, short type) {
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_len = 1};
    return fcntl(file, F_OFD_SETLK, &lock);
}

/* Reaps on the way. */
static int has_children(void) {
    pid_t child;
    do child = waitpid(-1, NULL, WNOHANG);
    while (child > 0);
    return child == 0;
}

/* The status as waitpid(2) gives it. */
static int wait_for(pid_t command) {
    int status = 0;
    for (;;) {
        pid_t ended = waitpid(-1, &status, 0);
        if (ended == command) return status;
        // Somebody took it from us.
        if (ended == -1 && errno != EINTR) return 255 << 8;
    }
}

void deploy_keeper_outlive(int command, int ticket, int inherited) {
    int64_t lost_at = now_us();
    int end = command > 0 ? wait_for(command) : command;
    if (ticket < 0) {
        if (inherited >= 0) set_inner_lock(inherited, F_UNLCK);
        return;
    }
    // What runs inside was started by the command and so is below us, however long it lives; with
    // nothing there the lock that is in the way is a stranger's.
    while (set_inner_lock(ticket, F_WRLCK) != 0 && (errno == EAGAIN || errno == EACCES) &&
           has_children())
        poll(NULL, 0, interval);
    // A wrapper killed in the middle of a line leaves that line unfinished.
    char line[96];
    char *at = deploy_keeper_append(line, "\nraw ");
    at = deploy_keeper_append_signed(at, end);
    at = deploy_keeper_append_number(at, (uint64_t)lost_at);
    at = deploy_keeper_append_number(at, (uint64_t)now_us());
    *at++ = '\n';
    if (write(ticket, line, (size_t)(at - line)) < 0) {
        // Then nobody can tell how it ended, and the next deployment says so.
    }
    if (inherited >= 0) flock(inherited, LOCK_UN);
    flock(ticket, LOCK_UN);
}
