/* Many readers of one talk or of many, and the one who writes: `readers PORT CONTROL PATH N [HELLO]`.
 *
 * N WebSocket connections to 127.0.0.1:PORT, spread over the talks that PATH's %d is filled with (0 .. TALKS-1, from the
 * environment, else 1). Messages are put in over a second connection, to CONTROL, as lines "<talk> @<seq>.<nanoseconds>@":
 * the server under test hands each to all readers of that talk in its own way. A reader finds messages by "@", whatever
 * frame they come in, checks that each talk's numbers come one after the other, and takes the time since it was put in.
 *
 * It says "ready" once everybody has got a first message, and then does what it reads, a line each:
 *
 *   pressure A B   A messages outstanding at any time, for B seconds
 *   steady A B     A messages a second, for B seconds
 *   burst A B      A messages at once, then wait for all (at most B seconds)
 *
 * and prints one JSON object for each, before it waits for whatever is still on its way. It ends with a reason if that
 * never comes. HELLO is sent once after the
 * upgrade; frames that are just "2" are answered with "3" (Engine.IO asks so), and pings with pongs. Every frame is cut and looked through;
 * nothing is guessed from lengths.
 *
 * From the environment: HEADERS, lines that each reader sends along, or several sets of them with "|" between, which
 * readers take in turn. ANY_ORDER=1, where many write at once: numbers may come in any order, each once. */
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
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define ROOM (1 << 20)
#define BUCKETS 4096 /* of latency: 1/64 of each power of two of microseconds */

typedef struct {
    int fd, talk;
    uint64_t next;
    size_t held, size;
    unsigned char *bytes;
    unsigned char *seen; /* a bit for each number modulo 65536, where they may come in any order */
    int open;
} Reader;

static Reader *readers;
static int count, talks, control, poll_fd, any_order;
static uint64_t *sent, delivered, wrong, buckets[BUCKETS], worst;
static int64_t *left; /* by talk and number modulo 65536: deliveries still missing */
static uint64_t outstanding, written;
static double opening;
static char filling[600];

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + t.tv_nsec;
}

static int bucket_of(uint64_t us) {
    if (us < 64) return (int)us;
    int power = 63 - __builtin_clzll(us);
    int found = (power - 5) * 64 + (int)((us >> (power - 6)) & 63);
    return found < BUCKETS ? found : BUCKETS - 1;
}

static double middle(int b) {
    if (b < 64) return b;
    int power = b / 64 + 5;
    return (double)((1ull << power) + ((uint64_t)(b % 64) << (power - 6)));
}

static double quantile(double share) {
    uint64_t total = 0, seen = 0;
    for (int b = 0; b < BUCKETS; b++) total += buckets[b];
    for (int b = 0; b < BUCKETS; b++) {
        seen += buckets[b];
        if (seen && seen >= share * total) return middle(b) / 1000.0;
    }
    return 0;
}

static int members_of(int talk) { return count / talks + (talk < count % talks); }

static int dial(int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    if (connect(fd, (struct sockaddr *)&to, sizeof to)) { perror("connect"); exit(1); }
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    return fd;
}

static void all_of(int fd, const void *bytes, size_t size) {
    const char *at = bytes;
    while (size) {
        ssize_t put = write(fd, at, size);
        if (put < 0 && errno == EAGAIN) continue;
        if (put <= 0) { perror("write"); exit(1); }
        at += put, size -= (size_t)put;
    }
}

static void frame_out(int fd, int kind, const void *body, size_t size) { /* masked with zeros, under 126 bytes */
    unsigned char frame[140] = {(unsigned char)(0x80 | kind), (unsigned char)(0x80 | size), 0, 0, 0, 0};
    memcpy(frame + 6, body, size);
    all_of(fd, frame, 6 + size);
}

static void say(int fd, const char *text) { frame_out(fd, 1, text, strlen(text)); }

static void put_in(int talk) {
    char line[900];
    uint64_t seq = ++sent[talk];
    left[(size_t)talk * 65536 + seq % 65536] = members_of(talk);
    int size = snprintf(line, sizeof line, "%d @%llu.%llu@%s\n", talk, (unsigned long long)seq,
                        (unsigned long long)now(), filling);
    written++, outstanding++;
    all_of(control, line, (size_t)size);
}

static int is_new(Reader *reader, uint64_t seq) {
    unsigned char bit = (unsigned char)(1 << seq % 8), *at = reader->seen + seq % 65536 / 8;
    int was = *at & bit;
    *at |= bit;
    return !was;
}

static void message(Reader *reader, uint64_t seq, uint64_t at) {
    uint64_t took = (now() - at) / 1000;
    if (any_order ? !is_new(reader, seq) : seq != reader->next) wrong++;
    reader->next = seq + 1;
    delivered++;
    buckets[bucket_of(took)]++;
    if (took > worst) worst = took;
    if (!--left[(size_t)reader->talk * 65536 + seq % 65536]) outstanding--;
}

static void look_through(Reader *reader, const unsigned char *body, size_t size) {
    const unsigned char *at = body, *end = body + size;
    if (size == 1 && *body == '2') { say(reader->fd, "3"); return; }
    while ((at = memchr(at, '@', (size_t)(end - at)))) {
        char *stop;
        uint64_t seq = strtoull((const char *)++at, &stop, 10);
        uint64_t then = strtoull(stop + 1, &stop, 10);
        message(reader, seq, then);
        at = (unsigned char *)stop + 1;
    }
}

static void frames_of(Reader *reader) {
    size_t at = 0;
    while (reader->held - at >= 2) {
        unsigned char *head = reader->bytes + at;
        size_t size = head[1] & 127, skip = 2;
        if (size == 126) { if (reader->held - at < 4) break; size = head[2] << 8 | head[3], skip = 4; }
        else if (size == 127) {
            if (reader->held - at < 10) break;
            size = 0, skip = 10;
            for (int n = 2; n < 10; n++) size = size << 8 | head[n];
        }
        if (reader->held - at < skip + size) break;
        int kind = head[0] & 15;
        if (kind == 1 || kind == 2) look_through(reader, head + skip, size);
        if (kind == 9 && size < 126) frame_out(reader->fd, 10, head + skip, size); /* or it would be taken for gone */
        if (kind == 8) {
            int code = size > 1 ? head[skip] << 8 | head[skip + 1] : 0;
            fprintf(stderr, "closed by the server with %d\n", code);
            exit(1);
        }
        at += skip + size;
    }
    memmove(reader->bytes, reader->bytes + at, reader->held -= at);
}

static void take(Reader *reader) {
    for (;;) {
        if (reader->size - reader->held < 65536) {
            reader->size = reader->size ? reader->size * 2 : 131072;
            reader->bytes = realloc(reader->bytes, reader->size);
        }
        size_t space = reader->size - reader->held - 1;
        ssize_t got = read(reader->fd, reader->bytes + reader->held, space);
        if (got < 0 && errno == EAGAIN) return;
        if (got <= 0) { fprintf(stderr, "a connection was lost\n"); exit(1); }
        reader->held += (size_t)got;
        reader->bytes[reader->held] = 0;
        frames_of(reader);
        if ((size_t)got < space) return;
    }
}

static const char *headers_of(int nth) {
    static char *sets[1024];
    static int many;
    if (!many) {
        char *all = strdup(getenv("HEADERS") ? getenv("HEADERS") : "");
        for (char *one = strtok(all, "|"); one && many < 1024; one = strtok(NULL, "|")) sets[many++] = one;
        if (!many) sets[many++] = all;
    }
    return sets[nth % many];
}

static void open_one(Reader *reader, int port, const char *path, const char *hello) {
    char ask[1400], answer[2048];
    char where[300];
    size_t held = 0;
    snprintf(where, sizeof where, path, reader->talk);
    snprintf(ask, sizeof ask, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
             "Origin: http://127.0.0.1:%d\r\n%s"
             "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n", where, port, port,
             headers_of((int)(reader - readers)));
    reader->fd = dial(port), reader->next = 1, reader->seen = calloc(1, any_order ? 65536 / 8 : 1);
    all_of(reader->fd, ask, strlen(ask));
    while (!memmem(answer, held, "\r\n\r\n", 4)) {
        ssize_t got = read(reader->fd, answer + held, sizeof answer - held - 1);
        if (got <= 0) { fprintf(stderr, "refused\n"); exit(1); }
        held += (size_t)got;
    }
    if (memcmp(answer, "HTTP/1.1 101", 12)) { fprintf(stderr, "not upgraded: %.60s\n", answer); exit(1); }
    unsigned char *body = memmem(answer, held, "\r\n\r\n", 4);
    reader->size = 131072, reader->bytes = malloc(reader->size);
    reader->held = held - (size_t)((char *)body + 4 - answer);
    memcpy(reader->bytes, body + 4, reader->held);
    if (hello) say(reader->fd, hello);
    fcntl(reader->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = reader};
    epoll_ctl(poll_fd, EPOLL_CTL_ADD, reader->fd, &event);
    frames_of(reader);
}

static void wait_for(int ms) {
    struct epoll_event ready[256];
    int got = epoll_wait(poll_fd, ready, 256, ms);
    for (int n = 0; n < got; n++) take(ready[n].data.ptr);
}

static void drain(uint64_t until) { while (outstanding && now() < until) wait_for(5); }

static double cpu(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static void run(const char *mode, double amount, double seconds) {
    uint64_t start = now(), end = start + (uint64_t)(seconds * 1e9);
    int talk = 0;
    if (!strcmp(mode, "burst")) {
        for (int n = 0; n < amount; n++) put_in(talk++ % talks);
        drain(end);
        return;
    }
    while (now() < end) {
        if (!strcmp(mode, "pressure")) {
            while (outstanding < (uint64_t)amount) put_in(talk++ % talks);
            wait_for(1);
        } else {
            while (written < (now() - start) / 1e9 * amount) put_in(talk++ % talks);
            wait_for(1);
        }
    }
    if (!strcmp(mode, "steady")) drain(now() + 10000000000u);
}

static void one_round(const char *mode, double amount, double seconds) {
    delivered = written = worst = 0, memset(buckets, 0, sizeof buckets);
    double used = cpu();
    uint64_t start = now();
    run(mode, amount, seconds);
    double took = (now() - start) / 1e9;
    printf("{\"delivered\": %llu, \"written\": %llu, \"missing\": %llu, \"wrong\": %llu, \"seconds\": %.4f, "
           "\"p50\": %.3f, \"p99\": %.3f, \"worst\": %.3f, \"cpu\": %.4f, \"opening\": %.3f}\n",
           (unsigned long long)delivered, (unsigned long long)written, (unsigned long long)outstanding,
           (unsigned long long)wrong, took, quantile(.5), quantile(.99), worst / 1000.0, cpu() - used, opening);
    fflush(stdout);
    drain(now() + 60000000000u);
    if (outstanding || wrong) {
        fprintf(stderr, "%llu messages did not reach everybody, %llu came twice or out of order\n",
                (unsigned long long)outstanding, (unsigned long long)wrong);
        exit(1);
    }
}

int main(int argc, char **argv) {
    if (argc < 5) return 2;
    talks = getenv("TALKS") ? atoi(getenv("TALKS")) : 1;
    any_order = getenv("ANY_ORDER") ? atoi(getenv("ANY_ORDER")) : 0;
    count = atoi(argv[4]);
    memset(filling, 'x', 560);
    readers = calloc((size_t)count, sizeof *readers), sent = calloc((size_t)talks, 8);
    left = calloc((size_t)talks * 65536, 8);
    poll_fd = epoll_create1(0), control = dial(atoi(argv[2]));
    uint64_t before = now();
    for (int n = 0; n < count; n++) {
        readers[n].talk = n % talks;
        open_one(&readers[n], atoi(argv[1]), argv[3], argc > 5 ? argv[5] : NULL);
        wait_for(0); /* a server that is slow to let people in asks in between whether the first are still there */
    }
    opening = (now() - before) / 1e9;
    for (uint64_t until = now() + 500000000u; now() < until;) wait_for(10);
    for (int n = 0; n < talks; n++) put_in(n); /* shows that everybody is there */
    drain(now() + 20000000000u);
    if (outstanding) { fprintf(stderr, "not everybody got the first message\n"); return 1; }
    puts("ready"), fflush(stdout);
    char mode[20];
    double seconds;
    for (double amount; scanf("%19s %lf %lf", mode, &amount, &seconds) == 3;) one_round(mode, amount, seconds);
    return 0;
}
