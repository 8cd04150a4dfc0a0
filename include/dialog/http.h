/* http -- one small file over plain HTTP, as revocation lists are published.
 *
 * Addresses come from certificates and answers from anybody: what is not plain
 * is refused, and nothing is followed.  */
#pragma once

#include "net.h"

struct http_url {
    char *host; /* a name, or an address without brackets */
    char *port;
    char *path; /* from its "/" on, with the query */
};
enum { HTTP_URL_MAX = 2048 };

/* Cuts "http://host[:port][/path]" into its parts: printable ASCII without
 * user, password or fragment.  The parts belong to out.  Code FETCH. */
bool http_url_parse(struct http_url *out, const void *text, size_t len,
                    struct err *e) MUST_USE;
void http_url_release(struct http_url *url);

/* Asks for the file with HTTP/1.0 and adds it to body, which bounds its size.
 * An answer that is cut short, too large, encoded or sends us elsewhere is a
 * failure.  Codes FETCH and those of talk, in sentences that say nothing of
 * STARTTLS. */
bool http_get(struct talk *t, const struct http_url *url, struct buf *body,
              struct err *e) MUST_USE;
