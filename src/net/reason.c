#include "net/reason.h"

#include <errno.h>

enum err_code net_reason(int sys, enum err_code otherwise)
{
    switch (sys) {
    case ECONNREFUSED:
        return ERR_REFUSED;
    case ECONNRESET:
    case ECONNABORTED:
        return ERR_RESET;
    case EPIPE:
        return ERR_CLOSED;
    case ETIMEDOUT: /* nobody acknowledged what was sent */
        return ERR_TIMED_OUT;
    case ENETUNREACH:
    case ENETDOWN:
        return ERR_NET_UNREACHABLE;
    case EHOSTUNREACH:
    case EHOSTDOWN:
    case EAFNOSUPPORT:
        return ERR_UNREACHABLE;
    default:
        return otherwise;
    }
}
