#include "http.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

enum {
    STATUS_LEN = 12, /* "HTTP/1.x ddd" */
    SHOWN_MAX = 60,
};

bool http_is_status(const char *line, size_t len)
{
    static const char shape[] = "HTTP/1.d ddd";

    if (len < STATUS_LEN || (len > STATUS_LEN && line[STATUS_LEN] != ' '))
        return false;
    for (size_t i = 0; i < STATUS_LEN; i++)
        if (shape[i] == 'd' ? !isdigit((unsigned char)line[i])
                            : line[i] != shape[i])
            return false;
    return true;
}

bool http_complain(enum err_code code, const char *what, const char *line,
                   size_t from, struct err *e)
{
    size_t len = strnlen(line + from, SHOWN_MAX);
    struct buf shown;

    buf_init(&shown, 4 * SHOWN_MAX);
    text_encode(&shown, line + from, len, TEXT_LINE);
    err_set(e, code, "%s: '%s'", what, buf_string(&shown));
    buf_release(&shown);
    return false;
}
