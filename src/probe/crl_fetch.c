/* crl_fetch -- one revocation list, from where a certificate says that it is.
 *
 * Whoever can have a certificate signed can send us anywhere: so addresses that
 * mean something only near us are not asked, unless that is where the target
 * is.  What counts is the address that is connected to. */
#include "crl.h"
#include "dialog/http.h"
#include "probe_room.h"

#include <string.h>

void crl_release(struct crl *l)
{
    X509_CRL_free(l->crl);
    *l = (struct crl){ 0 };
}

bool crl_may_ask(const struct crl_ask *ask, const struct address *a)
{
    const enum address_reach reach = address_reach(a);

    return reach == REACH_PUBLIC || ask->anywhere || reach == ask->near;
}

/* ---- where ---- */

static bool refuse(const struct address *a, struct err *e)
{
    char text[ADDRESS_TEXT_MAX];

    address_print(a, text);
    return err_set(e, ERR_FETCH,
                   "%s is a %s address, which is not asked without "
                   "-allow_private_crl",
                   text, address_reach_name(address_reach(a)));
}

/* Leaves those that may be asked. */
static bool choose(const struct crl_ask *ask, struct addresses *to,
                   struct err *e)
{
    size_t kept = 0;

    for (size_t i = 0; i < to->count; i++)
        if (crl_may_ask(ask, &to->list[i]))
            to->list[kept++] = to->list[i];
    if (kept == 0 && to->count > 0)
        return refuse(&to->list[0], e);
    to->count = kept;
    return true;
}

static bool knock(const struct crl_ask *ask, const struct http_url *url,
                  int *fd, struct err *e)
{
    const struct resolve_ask where = { .host = url->host,
                                       .port = url->port,
                                       .family = AF_UNSPEC,
                                       .socktype = SOCK_STREAM,
                                       .when = ask->when };
    struct addresses to = { 0 };
    const struct connect_ask connect = { .to = &to,
                                         .socktype = SOCK_STREAM,
                                         .when = ask->when };
    size_t which;
    bool done;

    done = resolve(ask->env->resolver, ask->waiter, &where, &to, e)
           && choose(ask, &to, e)
           && net_connect(ask->waiter, &connect, fd, &which, e);
    addresses_release(&to);
    return done;
}

/* ---- what ---- */

static bool load(const struct crl_ask *ask, const struct http_url *url,
                 struct buf *bytes, struct err *e)
{
    struct chan_fd socket;
    struct talk *talk;
    int fd = -1;
    bool done = false;

    if (!knock(ask, url, &fd, e))
        return false;
    chan_fd_init(&socket, fd, ask->waiter, ask->when);
    talk = talk_new(&socket.chan);
    if (talk)
        done = http_get(talk, url, bytes, e);
    else
        err_memory(e, "a revocation list");
    talk_free(talk);
    net_close(fd);
    return done;
}

static bool read_list(const struct crl_ask *ask, const struct buf *bytes,
                      struct crl *out, struct err *e)
{
    const unsigned char *der = (const unsigned char *)buf_string(bytes);
    X509_CRL *crl = X509_CRL_new_ex(ask->library, ask->propq);

    /* A list that cannot be read is freed by OpenSSL. */
    if (!crl || !d2i_X509_CRL(&crl, &der, (long)bytes->len))
        return tls_reason(e, ERR_FETCH, "it is no revocation list in DER");
    *out = (struct crl){ .crl = crl, .size = bytes->len };
    return true;
}

bool crl_fetch(const struct crl_ask *ask, struct crl *out, struct err *e)
{
    struct http_url url;
    struct buf bytes;
    bool done;

    *out = (struct crl){ 0 };
    if (!http_url_parse(&url, ask->url, strlen(ask->url), e))
        return false;
    buf_init(&bytes, CRL_MAX);
    done = load(ask, &url, &bytes, e) && read_list(ask, &bytes, out, e);
    buf_release(&bytes);
    http_url_release(&url);
    judge_late(ask->env, CRLS_MS, e);
    return done;
}
