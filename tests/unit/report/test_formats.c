#include "sample.h"

#include <criterion/criterion.h>
#include <string.h>

Test(formats, every_format_is_found_by_its_name)
{
    const struct report_format *f;
    size_t n = 0;

    for (; (f = report_format_nth(n)) != NULL; n++)
        cr_assert_eq(report_format_find(report_format_name(f)), f);
    cr_assert_eq(n, 6);
    cr_assert_null(report_format_find("xml"));
    cr_assert_null(report_format_find(""));
}

Test(formats, one_that_runs_out_of_memory_says_so)
{
    struct report_config config = sample_config("all");
    struct record *r = sample_all();
    const struct report_format *f;

    for (size_t n = 0; (f = report_format_nth(n)) != NULL; n++) {
        struct sheet s;

        sheet_init(&s, &config);
        s.out.max = s.scratch.max = 8;
        f->record(&s, r);
        cr_assert_not(sheet_ok(&s), "%s", f->name);
        sheet_release(&s);
    }
    record_free(r);
}

Test(formats, a_loss_in_an_earlier_cell_is_not_forgotten)
{
    struct report_config config = sample_config("subject,alpn");
    struct record *r = record_new();
    struct sheet s;

    record_text(r, REC_subject, "too long for the scratch");
    record_text(r, REC_alpn, "h2");
    sheet_init(&s, &config);
    s.scratch.max = 8;
    format_csv.record(&s, r);
    cr_assert_not(sheet_ok(&s));
    sheet_clear(&s);
    cr_assert(sheet_ok(&s));
    sheet_release(&s);
    record_free(r);
}
