#include "../../../src/report/piece.h"
#include "base/text.h"
#include "sample.h"

#include <criterion/criterion.h>
#include <string.h>

static struct piece piece;
static struct buf out;

static void begin(void)
{
    piece_clear(&piece);
    buf_init(&out, 10000);
}

static void end(void)
{
    buf_release(&out);
}

TestSuite(piece, .init = begin, .fini = end);

/* A text, the columns that it gets, and what is shown. */
static const struct {
    const char *text;
    size_t columns;
    const char *shown;
} rows[] = {
    { "", 10, "" },
    { "fits", 4, "fits" },
    { "too long", 7, "too ..." },
    { "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 6,
      "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e" },
    { "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 5, "\xe6\x97\xa5..." },
    { "a\033b", 10, "a\\x1Bb" },
    { "a\nb", 10, "a\\x0Ab" },
};

Test(piece, it_is_shown_in_its_columns)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        piece_clear(&piece);
        buf_clear(&out);
        piece_text(&piece, rows[i].text);
        cr_assert_eq(piece_show(&out, &piece, rows[i].columns),
                     text_columns(rows[i].shown, strlen(rows[i].shown)));
        cr_assert_str_eq(buf_string(&out), rows[i].shown);
    }
}

Test(piece, a_text_without_end_is_cut_between_two_characters)
{
    for (size_t shift = 0; shift < 3; shift++) {
        piece_clear(&piece);
        buf_clear(&out);
        piece_add(&piece, "xxx", shift);
        for (int i = 0; i < PIECE_MAX; i++)
            piece_text(&piece, "\xe6\x97\xa5");
        cr_assert(piece.cut);
        piece_show(&out, &piece, 1000);
        cr_assert_null(strchr(buf_string(&out), '\\'));
        cr_assert_str_eq(out.data + out.len - 3, "...");
    }
}

Test(piece, hostile_texts_become_neutral)
{
    for (size_t i = 0; i < hostile_count; i++) {
        piece_clear(&piece);
        buf_clear(&out);
        piece_add(&piece, hostile_texts[i].text, hostile_texts[i].len);
        cr_assert_leq(piece_show(&out, &piece, 20), 20);
        cr_assert(sample_is_neutral(buf_string(&out), out.len));
    }
}

Test(piece, the_profile_stands_behind_the_target)
{
    struct record *r = sample_ok(0, "a:1");

    record_text(r, REC_profile, "legacy");
    piece_target(&piece, r);
    piece_show(&out, &piece, 40);
    cr_assert_str_eq(buf_string(&out), "a:1 [legacy]");
    record_free(r);
}
