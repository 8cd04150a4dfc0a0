/* explain -- why a handshake failed: a code, and a sentence for people. */
#include "base/mem.h"
#include "net/reason.h"
#include "tls/quic.h"
#include "tls_room.h"

#include <errno.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <string.h>

static bool explain_fault(enum err_code fault, const char *during,
                          struct err *e)
{
    if (fault == ERR_NO_MEMORY)
        return err_memory(e, during);
    return err_set(e, fault, "%s: %s", during, err_row(fault)->meaning);
}

static bool explain_errno(int sys, const char *during, struct err *e)
{
    char text[96];

    switch (sys) {
    case 0:
        return err_set(e, ERR_CLOSED,
                       "the peer closed the connection during %s", during);
    case ECONNRESET:
    case EPIPE:
        e->sys = sys;
        return err_set(e, ERR_RESET, "the peer reset the connection during %s",
                       during);
    case ETIMEDOUT:
        return err_sys(e, ERR_TIMED_OUT, sys, during);
    case ECONNREFUSED: /* UDP connects without asking, TCP fast open too */
        e->stage = STAGE_CONNECT;
        return err_sys(e, ERR_REFUSED, sys, "sending the first bytes");
    case EMSGSIZE:
        return err_sys(e, ERR_USAGE, sys,
                       "the link does not take datagrams of the size asked "
                       "for");
    default:
        snprintf(text, sizeof(text), "the connection broke during %s", during);
        return err_sys(e, net_reason(sys, ERR_SYSTEM), sys, text);
    }
}

static bool explain_verify(const struct conn *c, struct err *e)
{
    size_t n = c->nverify_errors;
    int code =
        n > 0 ? c->verify_errors[n - 1] : (int)SSL_get_verify_result(c->ssl);

    e->stage = STAGE_VERIFY;
    return err_set(e, ERR_VERIFY,
                   "the server's certificate was not accepted: %s (error %d)",
                   X509_verify_cert_error_string(code), code);
}

static bool explain_alert(const struct conn *c, int number, const char *during,
                          struct err *e)
{
    if (tls_client_cert_asked(c->ssl) && !SSL_get_certificate(c->ssl)
        && alert_wants_certificate(number))
        return err_set(e, ERR_CLIENT_CERT,
                       "the server wants a client certificate and got none: "
                       "alert %d (%s)",
                       number, alert_name(number));
    return err_set(e, ERR_ALERT, "the peer ended %s with alert %d (%s)", during,
                   number, alert_name(number));
}

/* A record starts with its type, 20 to 24, and the major version: 3, or its
 * complement for DTLS. */
static bool begins_like_tls(const struct conn *c)
{
    return c->nfirst >= 2 && c->first[0] >= 20 && c->first[0] <= 24
           && c->first[1]
                  == (SSL_is_dtls(c->ssl) ? DTLS1_VERSION_MAJOR
                                          : SSL3_VERSION_MAJOR);
}

/* What services that greet in clear begin with. */
static const struct {
    const char *begin, *hint;
} greetings[] = {
    { "HTTP/", ": HTTP without TLS" },
    { "SSH-", ": SSH" },
    { "220", ": SMTP or FTP, which may need -starttls" },
    { "* OK", ": IMAP, which may need -starttls" },
    { "+OK", ": POP3, which may need -starttls" },
};

static bool explain_not_tls(const struct conn *c, struct err *e)
{
    char shown[sizeof(c->first) + 1];
    const char *hint = "";

    reason_printable(shown, sizeof(shown), c->first, c->nfirst);
    for (size_t i = 0; i < sizeof(greetings) / sizeof(greetings[0]); i++) {
        size_t len = strlen(greetings[i].begin);

        if (c->nfirst >= len && memcmp(c->first, greetings[i].begin, len) == 0)
            hint = greetings[i].hint;
    }
    return err_set(e, ERR_NOT_TLS,
                   "what the peer says is not TLS, it begins with \"%s\"%s",
                   shown, hint);
}

static bool explain_openssl(const struct reason *why, const char *during,
                            struct err *e)
{
    char text[32];
    int reason = ERR_GET_REASON(why->code);

    if (ERR_GET_LIB(why->code) == ERR_LIB_SSL) {
        if (reason == SSL_R_UNEXPECTED_EOF_WHILE_READING)
            return explain_errno(0, during, e);
        if (reason == SSL_R_READ_TIMEOUT_EXPIRED)
            return explain_errno(ETIMEDOUT, during, e);
        if (reason == SSL_R_NO_PROTOCOLS_AVAILABLE
            || reason == SSL_R_NO_CIPHERS_AVAILABLE)
            return err_set(e, ERR_NO_CIPHERS,
                           "the options leave nothing to offer: %s",
                           reason_text(why, text));
    }
    return err_set(e, ERR_TLS, "OpenSSL ended %s: %s%s%s", during,
                   reason_text(why, text), why->data[0] ? ": " : "", why->data);
}

/* False with the reason when a call-back has seen it: then it does not matter
 * what OpenSSL makes of it. */
static bool explain_seen(const struct conn *c, const struct reason *why,
                         const char *during, struct err *e)
{
    if (c->flooded)
        return err_set(e, ERR_TLS, "the peer sends without end during %s",
                       during);
    if (c->staple_unreadable)
        return err_set(e, ERR_TLS,
                       "the stapled OCSP response cannot be read, which ends "
                       "%s",
                       during);
    return !(why->verify || c->verify_ended) || explain_verify(c, e);
}

static bool explain_end(const struct conn *c, const struct reason *why,
                        const char *during, struct err *e)
{
    if (why->ssl == SSL_ERROR_SYSCALL && why->code == 0)
        return explain_errno(why->sys, during, e);
    /* QUIC puts it into the queue. */
    if (quic_is(c->ssl) && ERR_SYSTEM_ERROR(why->code))
        return explain_errno(ERR_GET_REASON(why->code), during, e);
    /* The peer's close_notify, or an end that -ignore_unexpected_eof calls
     * orderly: either way there is no session. */
    if (why->ssl == SSL_ERROR_ZERO_RETURN)
        return explain_errno(0, during, e);
    if (c->nfirst > 0 && !begins_like_tls(c))
        return explain_not_tls(c, e);
    return explain_openssl(why, during, e);
}

bool explain(struct conn *c, const struct reason *why, const char *during,
             struct err *e)
{
    enum err_code fault = why->fault != ERR_NONE ? why->fault : c->fault;
    int alert = reason_alert(why);

    if (alert < 0 && c->ssl && quic_alert(c->ssl) >= 0) {
        alert = quic_alert(c->ssl);
        snprintf(c->alert, sizeof(c->alert), "%s", alert_name(alert));
    }

    /* OpenSSL passes over datagrams that are no DTLS, and waits. */
    if (e->code == ERR_TIMED_OUT && SSL_is_dtls(c->ssl) && c->nfirst > 0
        && !begins_like_tls(c)) {
        err_clear(e);
        return explain_not_tls(c, e);
    }
    if (e->code != ERR_NONE)
        return false;
    e->ossl = why->code;
    /* Whatever OpenSSL made of it: a fault of ours is no verdict. */
    if (fault != ERR_NONE)
        return explain_fault(fault, during, e);
    if (!explain_seen(c, why, during, e))
        return false;
    if (alert >= 0)
        return explain_alert(c, alert, during, e);
    return explain_end(c, why, during, e);
}
