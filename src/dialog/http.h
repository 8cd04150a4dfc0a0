/* http -- private: what the proxy's answer and a server's have in common. */
#pragma once

#include "base/err.h"

enum {
    HTTP_STATUS = 9, /* where "ddd" stands in "HTTP/1.x ddd reason" */
    HTTP_LINES_MAX = 100, /* of a header */
};

/* True for a status line of HTTP/1. */
bool http_is_status(const char *line, size_t len);
/* Says what was said, from its line's byte "from" on.  Returns false. */
bool http_complain(enum err_code code, const char *what, const char *line,
                   size_t from, struct err *e);
