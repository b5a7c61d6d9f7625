// The load of scripts/bench-dashboard: streams that stay open, and requests at a fixed rate.
//
//   load PORT TOKEN STREAMS RATE OUTPUT STREAM_PATH PATH …
//
// A path after `=` is asked for with the tag of its last answer, as a browser does. Prints "ready" when
// every stream has begun, works until its input ends, and writes what happened to OUTPUT:
//
//   r INDEX_OF_PATH STATUS MICROSECONDS BYTES   an answer, counted from when it was to be asked for
//   s STREAM WALL_MICROSECONDS SEQ              a change that a stream brought
//   e TEXT                                      a connection that was refused or ended
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 16, PATHS = 32, WAITING = 4096, SPACE = 1 << 16 };

// A connection: a stream, or one of those that requests take turns on.
struct link {
    int fd, index, is_stream, has_begun;
    // Of the request that is on its way: its path, when it was due, what is still to come of its body.
    int path, is_busy;
    int64_t due, left, bytes;
    int status, in_body, is_chunked;
    size_t used;
    char *buffer;
};

static int port, poll_fd;
static const char *token, *stream_path;
static struct { const char *path; int is_conditional; char tag[160]; } paths[PATHS];
static int path_count, begun, streams;
static struct link requesters[CONNECTIONS];
static struct { int path; int64_t due; } waiting[WAITING];
static int first, last;
static FILE *output;

static int64_t now(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void connect_link(struct link *link) {
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    link->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (link->fd < 0 || connect(link->fd, (struct sockaddr *)&address, sizeof address)) fail("connect");
    setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(link->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = link};
    if (epoll_ctl(poll_fd, EPOLL_CTL_ADD, link->fd, &event)) fail("epoll_ctl");
}

static void send_request(struct link *link, const char *path, const char *tag) {
    char text[2048];
    int size = snprintf(text, sizeof text,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAuthorization: Bearer %s\r\n%s%s%s\r\n",
        path, port, token, *tag ? "If-None-Match: " : "", tag, *tag ? "\r\n" : "");
    if (write(link->fd, text, size) != size) fail("write");
}

// The value of a field within a head that ends with a zero; empty when it is missing.
static const char *field(const char *head, const char *name, char *value, size_t size) {
    const char *found = strcasestr(head, name);
    *value = 0;
    if (!found) return value;
    found += strlen(name);
    size_t length = strcspn(found, "\r");
    if (length >= size) length = size - 1;
    memcpy(value, found, length);
    value[length] = 0;
    return value;
}

static void next_request(struct link *link) {
    if (first == last || link->is_busy) return;
    link->path = waiting[first].path;
    link->due = waiting[first].due;
    first = (first + 1) % WAITING;
    link->is_busy = 1;
    link->in_body = link->used = link->bytes = 0;
    send_request(link, paths[link->path].path, paths[link->path].tag);
}

static void due_request(void) {
    static int turn, requester;
    waiting[last].path = turn++ % path_count;
    waiting[last].due = now(CLOCK_MONOTONIC);
    last = (last + 1) % WAITING;
    if (last == first) fprintf(stderr, "the server does not keep up\n"), exit(1);
    // Each has its turn, so that none idles for as long as a server keeps idle connections.
    for (int i = 0; i < CONNECTIONS && first != last; i++)
        next_request(&requesters[requester++ % CONNECTIONS]);
}

static void answered(struct link *link) {
    fprintf(output, "r %d %d %ld %ld\n", link->path, link->status,
        (long)(now(CLOCK_MONOTONIC) - link->due), (long)link->bytes);
    link->is_busy = 0;
    next_request(link);
}

// What has arrived of an answer; its head is complete once it ends with an empty line.
static void read_answer(struct link *link) {
    char value[160];
    if (!link->in_body) {
        link->buffer[link->used] = 0;
        char *end = strstr(link->buffer, "\r\n\r\n");
        if (!end) return;
        end[2] = 0;
        link->status = atoi(link->buffer + 9);
        if (paths[link->path].is_conditional && link->status == 200)
            field(link->buffer, "\netag: ", paths[link->path].tag, sizeof paths[0].tag);
        link->is_chunked = *field(link->buffer, "\ntransfer-encoding: ", value, sizeof value) != 0;
        link->left = atol(field(link->buffer, "\ncontent-length: ", value, sizeof value));
        if (link->status == 304) link->left = link->is_chunked = 0;
        link->in_body = 1;
        size_t body = link->used - (end + 4 - link->buffer);
        memmove(link->buffer, end + 4, body);
        link->used = body;
    }
    link->bytes += link->used;
    if (link->is_chunked) {
        // The last chunk ends an answer, however it is divided.
        int is_last = link->used >= 5 && !memcmp(link->buffer + link->used - 5, "0\r\n\r\n", 5);
        if (!is_last && link->used > 5) {
            memmove(link->buffer, link->buffer + link->used - 5, 5);
            link->bytes -= 5;
            link->used = 5;
        }
        if (is_last) answered(link);
        return;
    }
    link->left -= link->used;
    link->used = 0;
    if (link->left <= 0) answered(link);
}

// Lines of a stream; that with the id of a change is `id: LEDGER-SEQ-LOOK`.
static void read_stream(struct link *link) {
    if (!link->has_begun) {
        link->has_begun = 1;
        begun++;
        if (strncmp(link->buffer, "HTTP/1.1 200", 12))
            fprintf(output, "e a stream began with %.40s\n", link->buffer), fflush(output);
        if (begun == streams) puts("ready"), fflush(stdout);
    }
    char *start = link->buffer, *line;
    link->buffer[link->used] = 0;
    while ((line = memchr(start, '\n', link->buffer + link->used - start))) {
        *line = 0;
        if (!strncmp(start, "id: ", 4)) {
            // Ledgers' ids have no dash at their end: the last but one is before the number.
            char *look = strrchr(start, '-');
            if (look) *look = 0;
            char *seq = strrchr(start, '-');
            fprintf(output, "s %d %ld %s\n", link->index, (long)now(CLOCK_REALTIME),
                seq ? seq + 1 : "0");
        }
        start = line + 1;
    }
    link->used -= start - link->buffer;
    memmove(link->buffer, start, link->used);
}

static void readable(struct link *link) {
    ssize_t got = read(link->fd, link->buffer + link->used, SPACE - 1 - link->used);
    if (got > 0) {
        link->used += got;
        link->is_stream ? read_stream(link) : read_answer(link);
        return;
    }
    if (got < 0 && errno == EAGAIN) return;
    // A server may end a connection that idles, and nothing else.
    if (link->is_stream || link->is_busy)
        fprintf(output, "e %s %d ended\n", link->is_stream ? "stream" : "connection", link->index);
    close(link->fd);
    if (link->is_stream) return;
    connect_link(link);
    link->used = link->in_body = 0;
    if (link->is_busy) send_request(link, paths[link->path].path, paths[link->path].tag);
}

int main(int count, char **arguments) {
    if (count < 8) return fprintf(stderr, "see the comment above\n"), 64;
    port = atoi(arguments[1]), token = arguments[2], streams = atoi(arguments[3]);
    long rate = atol(arguments[4]);
    output = fopen(arguments[5], "w");
    if (!output) fail(arguments[5]);
    stream_path = arguments[6];
    for (int i = 7; i < count && path_count < PATHS; i++, path_count++) {
        paths[path_count].is_conditional = *arguments[i] == '=';
        paths[path_count].path = arguments[i] + paths[path_count].is_conditional;
    }
    poll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct link *all = calloc(streams, sizeof *all);
    for (int i = 0; i < streams; i++) {
        all[i] = (struct link){.index = i, .is_stream = 1, .buffer = malloc(SPACE)};
        connect_link(&all[i]);
        send_request(&all[i], stream_path, "");
    }
    for (int i = 0; i < CONNECTIONS; i++) {
        requesters[i] = (struct link){.index = i, .buffer = malloc(SPACE)};
        connect_link(&requesters[i]);
    }
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    long gap = 1000000000 / (rate ? rate : 1);
    struct itimerspec every = {{gap / 1000000000, gap % 1000000000}, {0, rate ? 1000000 : 0}};
    timerfd_settime(timer, 0, &every, NULL);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = &timer};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, timer, &event);
    event.data.ptr = NULL;
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, 0, &event);
    if (!streams) puts("ready"), fflush(stdout);
    for (;;) {
        struct epoll_event events[256];
        int ready = epoll_wait(poll_fd, events, 256, -1);
        for (int i = 0; i < ready; i++) {
            if (!events[i].data.ptr) return fclose(output);
            if (events[i].data.ptr != &timer) {
                readable(events[i].data.ptr);
                continue;
            }
            uint64_t times = 0;
            if (read(timer, &times, sizeof times) > 0)
                while (times--) due_request();
        }
    }
}
