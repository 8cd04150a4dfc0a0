#include "tls/error_lines.h"

#include "tls_room.h"

void error_lines_take(struct buf *lines)
{
    struct reason why = { .ssl = SSL_ERROR_NONE };

    reason_take(&why, lines);
}

void error_lines_connect(struct buf *lines, int sys)
{
    ERR_raise_data(ERR_LIB_SYS, sys, "calling connect()");
    ERR_raise(ERR_LIB_BIO, BIO_R_CONNECT_ERROR);
    error_lines_take(lines);
}

void error_lines_bind(struct buf *lines, int sys)
{
    ERR_raise_data(ERR_LIB_SYS, sys, "calling bind()");
    ERR_raise(ERR_LIB_BIO, BIO_R_UNABLE_TO_BIND_SOCKET);
    error_lines_take(lines);
}

void error_lines_lookup(struct buf *lines, const char *reason)
{
    ERR_raise_data(ERR_LIB_BIO, ERR_R_SYS_LIB, "%s", reason);
    error_lines_take(lines);
}
