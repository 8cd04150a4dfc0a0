/* ex_data -- the indices under which call-backs find their things.
 *
 * They are the only static data of the room: OpenSSL hands out an index once
 * for the whole process. */
#include "tls_room.h"

#include <pthread.h>

static struct {
    pthread_once_t once;
    int conn, keylog;
} indices = { .once = PTHREAD_ONCE_INIT };

static void create(void)
{
    indices.conn = SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
    indices.keylog = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, NULL);
}

int ex_conn(void)
{
    pthread_once(&indices.once, create);
    return indices.conn;
}

int ex_keylog(void)
{
    pthread_once(&indices.once, create);
    return indices.keylog;
}
