/* A plain epoll server, one send per reader: close to what the kernel allows without io_uring. Readers of talks, and
 * nothing else. `limit PORT CONTROL one|joined`.
 *
 * A line "<talk> <message>" on CONTROL goes to every reader of that talk as one WebSocket frame. "one": one send for each
 * message and reader. "joined": what came while the last round of sends was running goes out in one send for each reader.
 * It knows the load generator's key, reads no frames, keeps all it sent, and lets everybody in: a limit, not a server. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#define TALKS 4096
#define HELLO "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" \
              "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"

typedef struct { int fd, is_open, waits; struct Talk *talk; size_t at; } Reader;
typedef struct Talk { unsigned char *log; size_t size, room; Reader **readers; int count, fresh; } Talk;

static Talk talks[TALKS];
static int poll_fd, joined;
static char lines[1 << 16];
static size_t held;

static int listen_on(int port) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) || listen(fd, 4096)) { perror("listen"); exit(1); }
    return fd;
}

static void watch(int fd, void *what, unsigned events, int how) {
    struct epoll_event event = {.events = events, .data.ptr = what};
    epoll_ctl(poll_fd, how, fd, &event);
}

static void catch_up(Reader *reader) {
    while (reader->at < reader->talk->size) {
        ssize_t put = send(reader->fd, reader->talk->log + reader->at, reader->talk->size - reader->at, MSG_NOSIGNAL);
        if (put <= 0) break;
        reader->at += (size_t)put;
    }
    int waits = reader->at < reader->talk->size;
    if (waits != reader->waits) {
        watch(reader->fd, reader, EPOLLIN | (waits ? EPOLLOUT : 0), EPOLL_CTL_MOD);
        reader->waits = waits;
    }
}

static void hand_out(Talk *talk) {
    talk->fresh = 0;
    for (int n = 0; n < talk->count; n++)
        if (!talk->readers[n]->waits) catch_up(talk->readers[n]);
}

static void publish(char *line, size_t size) {
    char *body;
    Talk *talk = &talks[strtoul(line, &body, 10) % TALKS];
    size -= (size_t)(++body - line);
    if (talk->room - talk->size < size + 4) {
        talk->room = (talk->room + size + 4) * 2;
        talk->log = realloc(talk->log, talk->room);
    }
    unsigned char *to = talk->log + talk->size;
    *to++ = 0x81;
    if (size < 126) *to++ = (unsigned char)size;
    else *to++ = 126, *to++ = (unsigned char)(size >> 8), *to++ = (unsigned char)size;
    memcpy(to, body, size);
    talk->size = (size_t)(to - talk->log) + size;
    talk->fresh = 1;
    if (!joined) hand_out(talk);
}

static void control_lines(int fd) {
    ssize_t got = read(fd, lines + held, sizeof lines - held);
    if (got <= 0) exit(0);
    held += (size_t)got;
    char *at = lines, *end;
    while ((end = memchr(at, '\n', held - (size_t)(at - lines)))) {
        publish(at, (size_t)(end - at));
        at = end + 1;
    }
    memmove(lines, at, held -= (size_t)(at - lines));
    for (int n = 0; joined && n < TALKS; n++)
        if (talks[n].fresh) hand_out(&talks[n]);
}

static void hear(Reader *reader) {
    char asked[4096], *path;
    ssize_t got = read(reader->fd, asked, sizeof asked - 1);
    if (got <= 0) { if (got == 0 || errno != EAGAIN) exit(0); return; }
    if (reader->is_open) return;
    asked[got] = 0;
    path = strchr(asked, '/');
    Talk *talk = &talks[strtoul(path + 1, NULL, 10) % TALKS];
    talk->readers = realloc(talk->readers, sizeof(Reader *) * (size_t)(talk->count + 1));
    talk->readers[talk->count++] = reader;
    reader->talk = talk, reader->at = talk->size, reader->is_open = 1;
    if (send(reader->fd, HELLO, strlen(HELLO), MSG_NOSIGNAL) < 0) exit(1);
}

int main(int argc, char **argv) {
    if (argc < 4) return 2;
    joined = !strcmp(argv[3], "joined");
    poll_fd = epoll_create1(0);
    int doors[2] = {listen_on(atoi(argv[1])), listen_on(atoi(argv[2]))}, control = -1;
    watch(doors[0], &doors[0], EPOLLIN, EPOLL_CTL_ADD), watch(doors[1], &doors[1], EPOLLIN, EPOLL_CTL_ADD);
    for (struct epoll_event ready[256];;) {
        int got = epoll_wait(poll_fd, ready, 256, -1), yes = 1;
        for (int n = 0; n < got; n++) {
            void *what = ready[n].data.ptr;
            if (what == &doors[1]) watch(control = accept(doors[1], NULL, NULL), &control, EPOLLIN, EPOLL_CTL_ADD);
            else if (what == &control) control_lines(control);
            else if (what == &doors[0]) {
                Reader *reader = calloc(1, sizeof *reader);
                reader->fd = accept4(doors[0], NULL, NULL, SOCK_NONBLOCK);
                setsockopt(reader->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                watch(reader->fd, reader, EPOLLIN, EPOLL_CTL_ADD);
            } else if (ready[n].events & EPOLLOUT) catch_up(what);
            else hear(what);
        }
    }
}
