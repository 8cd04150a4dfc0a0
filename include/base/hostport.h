/* hostport -- "host:port" in the forms that s_client and target lists know.
 * Pure text; nothing is resolved. */
#pragma once

#include "base/err.h"

struct hostport {
    char *host; /* NULL: not said.  Brackets of an IPv6 literal are gone */
    char *port; /* NULL: not said.  A number or a service name */
};

/* As s_client reads -connect, -bind and -proxy (openssl BIO_parse_hostserv,
 * host first): "host", "host:port", "[v6]:port"; an empty or "*" host or port
 * is "not said"; a second colon outside brackets is an error.
 * On success the strings belong to out (hostport_release()). */
bool hostport_parse(struct hostport *out, const char *text, struct err *e)
    MUST_USE;
void hostport_release(struct hostport *hp);

/* The way it is written: IPv6 gets brackets.  Caller frees; NULL: memory. */
char *hostport_print(const char *host, const char *port) MUST_USE;

/* True for an IPv4 or IPv6 literal (an IPv6 zone is allowed). */
bool hostport_is_address(const char *host);

/* True for what s_client would send as SNI: at least two labels of letters,
 * digits, '_', '-', none empty, at the edges no hyphen, one letter in all. */
bool hostport_is_dns_name(const char *host);

/* True when host may stand in a target: letters, digits, '.', '_', '-', or an
 * address literal; up to 253 bytes.  So no blank, control byte or markup can
 * reach a proxy or STARTTLS dialogue. */
bool hostport_is_host(const char *host);
/* True for 1..65535 or a service name ([A-Za-z0-9-], a letter in it). */
bool hostport_is_port(const char *port);
