#include "sample.h"

#include "base/mem.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES(s)         \
    {                    \
        s, sizeof(s) - 1 \
    }

const struct hostile hostile_texts[] = {
    BYTES("\033]0;title\007\033[2J"),
    BYTES("a\rb"),
    BYTES("a\nb,c\n=== 9 forged ok\n"),
    BYTES("nul\0inside"),
    BYTES("\0"),
    BYTES("not utf-8 \xff\xfe\xc0\x80 \xed\xa0\x80"),
    BYTES("cut short \xe2\x82"),
    BYTES("bidi \xe2\x80\xae"
          "drawkcab\xe2\x81\xa9"),
    BYTES("line \xe2\x80\xa8 separator \xe2\x80\xa9"),
    BYTES("C1 \xc2\x9b"
          "31m \x9b"),
    BYTES("\xef\xbb\xbf"
          "bom"),
    BYTES("=cmd|'/C calc'!A0"),
    BYTES("+1+1"),
    BYTES("-1-1"),
    BYTES("@SUM(A1)"),
    BYTES("\t=1"),
    BYTES("\r=1"),
    BYTES("\"quoted\""),
    BYTES("\"=1+1\""),
    BYTES("a,b"),
    BYTES(" blank before and after "),
    BYTES("back\\slash \\x1B \\u0041"),
    BYTES("]]><a>&amp;</script>"),
    BYTES("%s%n%1000000d"),
    BYTES("gr\xc3\xbc\xc3\x9f"
          "e \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x94\x92"),
    BYTES(""),
};
const size_t hostile_count = sizeof(hostile_texts) / sizeof(hostile_texts[0]);

static struct record *new_record(uint64_t seq, const char *target)
{
    struct record *r = record_new();

    cr_assert_not_null(r);
    r->seq = seq;
    record_number(r, REC_index, (int64_t)seq + 1);
    record_text(r, REC_target, target);
    record_text(r, REC_host, "www.example.com");
    record_state(r, REC_profile, VALUE_NONE);
    return r;
}

struct record *sample_ok(uint64_t seq, const char *target)
{
    struct record *r = new_record(seq, target);

    record_outcome(r, &(struct err){ 0 });
    record_text(r, REC_protocol, "TLSv1.3");
    record_text(r, REC_cipher, "TLS_AES_256_GCM_SHA384");
    record_number(r, REC_days_left, 87);
    record_number(r, REC_verified, 1);
    record_number(r, REC_name_match, 1);
    return r;
}

struct record *sample_failed(uint64_t seq, const char *target)
{
    struct record *r = new_record(seq, target);
    struct err e = { .stage = STAGE_CONNECT };

    err_set(&e, ERR_REFUSED, "127.0.0.1:443: connection refused");
    record_outcome(r, &e);
    return r;
}

static void fill_field(struct record *r, enum field_id id)
{
    char text[80];
    int len = snprintf(text, sizeof(text), "%s!", field_rows[id].name);

    switch (field_rows[id].kind) {
    case FIELD_TEXT:
        record_bytes(r, id, text, (size_t)len);
        break;
    case FIELD_INT:
    case FIELD_BOOL:
    case FIELD_MS:
    case FIELD_TIME:
        record_number(r, id, (int64_t)id + 1);
        break;
    case FIELD_LIST:
    case FIELD_TAGS:
        record_add(r, id, text, (size_t)len);
        record_add(r, id, "second", 6);
        break;
    case FIELD_CHAIN:
        break;
    }
}

static void fill_cert(struct record *r, struct cert *c, enum cert_field_id id)
{
    const struct field_row *row = &cert_field_rows[id];

    if (row->kind == FIELD_TEXT)
        cert_bytes(r, c, id, row->name, strlen(row->name));
    else if (row->kind == FIELD_LIST)
        cert_add(r, c, id, row->name, strlen(row->name));
    else
        cert_number(c, id, (int64_t)id);
}

struct record *sample_all(void)
{
    struct record *r = record_new();

    cr_assert_not_null(r);
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        fill_field(r, (enum field_id)i);
    for (int n = 0; n < 2; n++) {
        struct cert *c = record_add_cert(r);

        for (size_t i = 0; i < CERT_FIELDS_COUNT; i++)
            fill_cert(r, c, (enum cert_field_id)i);
    }
    cr_assert_not(r->incomplete);
    return r;
}

struct report_config sample_config(const char *fields)
{
    struct report_config config = { .color = COLOR_NEVER };
    struct err e = { 0 };

    cr_assert(field_list_parse(&config.fields, fields, &e), "%s", e.msg);
    return config;
}

char *sample_format(const char *format, const struct report_config *config,
                    const struct record *r, size_t *len)
{
    const struct report_format *f = report_format_find(format);
    struct sheet s;
    char *text;

    sheet_init(&s, config);
    s.color = config->color == COLOR_ALWAYS;
    f->record(&s, r);
    cr_assert(sheet_ok(&s));
    text = buf_take(&s.out, len);
    sheet_release(&s);
    cr_assert_not_null(text);
    return text;
}

static bool harmful_point(unsigned long cp)
{
    return cp < 0xa0 || cp == 0x61c || cp == 0x200e || cp == 0x200f
           || (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2066 && cp <= 0x2069)
           || cp == 0xfeff || (cp >= 0xd800 && cp <= 0xdfff) || cp > 0x10ffff;
}

/* Bytes of the harmless character at p, 0 when it is none. */
static size_t neutral_at(const unsigned char *p, size_t len)
{
    size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
    unsigned long cp = p[0] & (0x7fu >> n);

    if (n == 1)
        return p[0] == '\n' || (p[0] >= ' ' && p[0] < 0x7f);
    if (p[0] < 0xc2 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        cp = cp << 6 | (p[i] & 0x3f);
    }
    return harmful_point(cp) ? 0 : n;
}

bool sample_is_neutral(const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        size_t n = neutral_at((const unsigned char *)text + at, len - at);

        if (n == 0)
            return false;
        at += n;
    }
    return true;
}

void sample_folder(char *path, size_t size)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(path, size, "%s/tlsfleet-test.XXXXXX", tmp ? tmp : "/tmp");
    cr_assert_not_null(mkdtemp(path));
}

static size_t each_file(const char *path, bool remove)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    size_t count = 0;

    cr_assert_not_null(dir);
    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        if (remove)
            unlinkat(dirfd(dir), entry->d_name, 0);
    }
    closedir(dir);
    return count;
}

void sample_remove(const char *path)
{
    each_file(path, true);
    rmdir(path);
}

size_t sample_files(const char *path)
{
    return each_file(path, false);
}

char *sample_read(const char *folder, const char *name, size_t *len)
{
    char path[600];
    char chunk[2048];
    struct buf all;
    size_t n;
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    f = fopen(path, "re");
    if (!f)
        return NULL;
    buf_init(&all, SIZE_MAX / 2);
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
        buf_add(&all, chunk, n);
    fclose(f);
    return buf_take(&all, len);
}
