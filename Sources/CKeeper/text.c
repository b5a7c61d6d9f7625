#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

char *deploy_keeper_append(char *at, const char *text) {
    while (*text) *at++ = *text++;
    return at;
}

char *deploy_keeper_append_number(char *at, uint64_t number) {
    char digits[20];
    int count = 0;
    do digits[count++] = (char)('0' + number % 10);
    while ((number /= 10) != 0);
    while (count > 0) *at++ = digits[--count];
    *at++ = ' ';
    return at;
}

char *deploy_keeper_append_signed(char *at, int number) {
    if (number < 0) *at++ = '-';
    return deploy_keeper_append_number(at, number < 0 ? -(uint64_t)number : (uint64_t)number);
}

uint64_t deploy_keeper_start_time(void) {
    char text[1024];
    int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    ssize_t count;
    do count = read(file, text, sizeof text - 1);
    while (count < 0 && errno == EINTR);
    close(file);
    if (count <= 0) return 0;
    // The name, field 2, may hold blanks and parentheses: fields are counted behind the last one.
    ssize_t at = count;
    while (at > 0 && text[at - 1] != ')') at--;
    uint64_t value = 0;
    for (int field = 2; at < count; at++) {
        if (text[at] == ' ') {
            if (++field > 22) return value;
        } else if (field == 22) {
            value = value * 10 + (uint64_t)(text[at] - '0');
        }
    }
    errno = EIO;
    return 0;
}
