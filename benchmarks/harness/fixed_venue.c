// The fixed venue of the order benchmarks: answers every POST with the same 201, counts it, checks nothing.
//
// usage: load_server REPLY_FILE
// Prints the port it listens on, then serves until its standard input is closed.
// GET /count answers how many POSTs were answered, so that a client's own claim can be checked.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BUFFER = 65536, EVENTS = 128, REPLY_MAX = 4096 };

struct connection {
    int fd;
    size_t used;
    char bytes[BUFFER];
};

static char reply[REPLY_MAX + 256];
static size_t reply_length;
static unsigned long long answered;

static void fail(const char *what) {
    perror(what);
    exit(2);
}

static void read_reply(const char *path) {
    char body[REPLY_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) fail(path);
    size_t length = fread(body, 1, sizeof body, file);
    fclose(file);
    int head = snprintf(reply, sizeof reply,
                        "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n"
                        "Content-Length: %zu\r\n\r\n", length);
    memcpy(reply + head, body, length);
    reply_length = (size_t)head + length;
}

static int listen_on_any_port(void) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 || listen(fd, 512) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        fail("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

// The length of the first whole request in the buffer, or 0 when more must be read.
static size_t whole_request(const char *bytes, size_t used) {
    const char *end = memmem(bytes, used, "\r\n\r\n", 4);
    if (end == NULL) return 0;
    size_t head = (size_t)(end - bytes) + 4, body = 0;
    for (const char *line = memchr(bytes, '\n', head); line != NULL && line < end;
         line = memchr(line + 1, '\n', (size_t)(bytes + head - line - 1))) {
        if (strncasecmp(line + 1, "content-length:", 15) == 0) {
            body = strtoul(line + 16, NULL, 10);
            break;
        }
    }
    return used >= head + body ? head + body : 0;
}

// All of the answer or a closed connection: replies are far smaller than a socket's buffer.
static int send_all(int fd, const char *bytes, size_t length) {
    return send(fd, bytes, length, MSG_NOSIGNAL) == (ssize_t)length ? 0 : -1;
}

static int answer_request(int fd, const char *bytes) {
    if (bytes[0] == 'P') {
        answered++;
        return send_all(fd, reply, reply_length);
    }
    char count[32], answer[160];
    int length = snprintf(count, sizeof count, "%llu", answered);
    int size = snprintf(answer, sizeof answer,
                        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                        "Content-Length: %d\r\n\r\n%s", length, count);
    return send_all(fd, answer, (size_t)size);
}

// Reads what is there and answers every whole request; -1 when the connection is over.
static int serve(struct connection *connection) {
    ssize_t got = recv(connection->fd, connection->bytes + connection->used,
                       BUFFER - connection->used, 0);
    if (got < 0 && errno == EAGAIN) return 0;
    if (got <= 0) return -1;
    connection->used += (size_t)got;
    size_t start = 0, length;
    while ((length = whole_request(connection->bytes + start, connection->used - start)) > 0) {
        if (answer_request(connection->fd, connection->bytes + start) < 0) return -1;
        start += length;
    }
    if (start == 0 && connection->used == BUFFER) return -1;
    memmove(connection->bytes, connection->bytes + start, connection->used - start);
    connection->used -= start;
    return 0;
}

static void watch(int poll, int fd, void *data) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = data};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, fd, &event) < 0) fail("epoll_ctl");
}

static void accept_all(int poll, int listener) {
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *connection = malloc(sizeof *connection);
        if (connection == NULL) fail("malloc");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        connection->fd = fd;
        connection->used = 0;
        watch(poll, fd, connection);
    }
}

int main(int count, char **arguments) {
    if (count != 2) {
        fprintf(stderr, "usage: load_server REPLY_FILE\n");
        return 2;
    }
    read_reply(arguments[1]);
    int listener = listen_on_any_port(), poll = epoll_create1(0), input = STDIN_FILENO;
    watch(poll, listener, &listener);
    watch(poll, STDIN_FILENO, &input);
    struct epoll_event events[EVENTS];
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int index = 0; index < ready; index++) {
            void *data = events[index].data.ptr;
            if (data == &input) return 0;
            if (data == &listener) {
                accept_all(poll, listener);
            } else if (serve(data) < 0) {
                close(((struct connection *)data)->fd);
                free(data);
            }
        }
    }
}
