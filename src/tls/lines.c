/* lines -- what the printers of a connection's lines share. */
#include "tls_room.h"

const char *code_name(const struct code_name *list, size_t count, int code,
                      const char *otherwise)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].code == code)
            return list[i].name;
    return otherwise;
}

/* As s_client's list: DTLS 1.2 is not in it. */
const char *version_name(int version)
{
    static const struct code_name versions[] = {
        { SSL3_VERSION, "SSL 3.0" },         { TLS1_VERSION, "TLS 1.0" },
        { TLS1_1_VERSION, "TLS 1.1" },       { TLS1_2_VERSION, "TLS 1.2" },
        { TLS1_3_VERSION, "TLS 1.3" },       { DTLS1_VERSION, "DTLS 1.0" },
        { DTLS1_BAD_VER, "DTLS 1.0 (bad)" },
    };

    return NAME_OF(versions, version, NULL);
}

static int take(const void *text, size_t len, void *out)
{
    buf_add(out, text, len);
    return (int)len;
}

void lines_dump(struct buf *out, const void *bytes, size_t len, int indent)
{
    BIO_dump_indent_cb(take, out, bytes, (int)len, indent);
}
