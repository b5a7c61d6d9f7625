#define _GNU_SOURCE
#include "descriptors.h"

#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_needed(int number, const int *needed, int count) {
    for (int index = 0; index < count; index++)
        if (needed[index] == number) return 1;
    return 0;
}

/* Where the kernel has no close_range(2), before Linux 5.9, or forbids it: those that are open. */
static void close_listed(const int *needed, int count) {
    struct entry {
        unsigned long inode;
        long offset;
        unsigned short length;
        unsigned char type;
        char name[];
    };
    int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0) return;
    _Alignas(struct entry) char buffer[4096];
    long size;
    // Closing changes the list: read anew until nothing is left to close.
    for (int has_closed = 1; has_closed;) {
        has_closed = 0;
        lseek(directory, 0, SEEK_SET);
        while ((size = syscall(SYS_getdents64, directory, buffer, sizeof buffer)) > 0) {
            for (long at = 0; at < size;) {
                const struct entry *entry = (const void *)(buffer + at);
                int number = 0;
                const char *digit = entry->name;
                while (*digit >= '0' && *digit <= '9') number = number * 10 + (*digit++ - '0');
                if (*digit == '\0' && number > STDERR_FILENO && number != directory &&
                    !is_needed(number, needed, count))
                    has_closed |= close(number) == 0;
                at += entry->length;
            }
        }
    }
    close(directory);
}

void deploy_keeper_close_all_but(const int *needed, int count) {
    // Not closed: what is opened later would get these numbers.
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int number = STDIN_FILENO; number <= STDERR_FILENO; number++)
        if (null >= 0 && !is_needed(number, needed, count)) dup2(null, number);
    unsigned first = STDERR_FILENO + 1;
    while (first != UINT_MAX) {
        unsigned next = UINT_MAX;
        for (int index = 0; index < count; index++)
            if (needed[index] >= 0 && (unsigned)needed[index] >= first &&
                (unsigned)needed[index] < next)
                next = (unsigned)needed[index];
        if (next != first &&
            syscall(SYS_close_range, first, next == UINT_MAX ? next : next - 1, 0) != 0) {
            close_listed(needed, count);
            return;
        }
        if (next == UINT_MAX) return;
        first = next + 1;
    }
}
