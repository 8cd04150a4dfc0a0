#include "support.h"

#include <criterion/criterion.h>

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <string.h>

static struct hasty_waiter *of(struct waiter *w)
{
    return (struct hasty_waiter *)w;
}

static bool note(struct waiter *w, deadline_ms when)
{
    if (of(w)->waits++ == 0)
        of(w)->first = when;
    of(w)->last = when;
    return true;
}

static bool hasty_fd(struct waiter *w, int fd, int want, deadline_ms when,
                     struct err *e)
{
    (void)fd;
    (void)want;
    note(w, when);
    return err_set(e, ERR_TIMED_OUT, "no answer in time");
}

static bool hasty_flag(struct waiter *w, struct signal_flag *f,
                       deadline_ms when, struct err *e)
{
    (void)f;
    note(w, when);
    return err_set(e, ERR_TIMED_OUT, "no answer in time");
}

static bool hasty_pause(struct waiter *w, deadline_ms when, struct err *e)
{
    (void)e;
    if (of(w)->on_pause)
        of(w)->on_pause(of(w)->arg);
    return note(w, when);
}

void hasty_waiter_init(struct hasty_waiter *h)
{
    static const struct waiter_ops ops = {
        .wait_fd = hasty_fd,
        .wait_flag = hasty_flag,
        .pause = hasty_pause,
    };

    *h = (struct hasty_waiter){ .waiter = { .ops = &ops } };
}

struct address address_of(const char *literal, unsigned port)
{
    struct address a = { 0 };
    struct sockaddr_in *four = (struct sockaddr_in *)&a.sa;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&a.sa;

    if (inet_pton(AF_INET, literal, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)port);
        a.len = sizeof(*four);
    } else {
        cr_assert_eq(inet_pton(AF_INET6, literal, &six->sin6_addr), 1);
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)port);
        a.len = sizeof(*six);
    }
    return a;
}

int listener(const char *literal, int backlog, struct address *at)
{
    *at = address_of(literal, 0);
    int fd = socket(at->sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    cr_assert_geq(fd, 0);
    cr_assert_eq(bind(fd, (const struct sockaddr *)&at->sa, at->len), 0);
    if (backlog >= 0)
        cr_assert_eq(listen(fd, backlog), 0);
    cr_assert_eq(getsockname(fd, (struct sockaddr *)&at->sa, &at->len), 0);
    return fd;
}

int open_descriptors(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int n = 0;

    cr_assert_not_null(dir);
    while (readdir(dir))
        n++;
    closedir(dir);
    return n;
}
