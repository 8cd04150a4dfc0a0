/* change -- every record is compared with the baseline on its way to the
 * writer; what only the baseline has comes last. */
#include "batch_room.h"

static void take(struct record_sink *sink, struct record *r)
{
    struct changes *c = (struct changes *)(void *)sink;

    for (struct record *one = r; one; one = one->more)
        baseline_judge(c->baseline, one);
    c->next->take(c->next, r);
}

bool changes_open(struct changes *c, const struct option_set *words,
                  struct err *e)
{
    const char *path = options_text(words, OPT_baseline, NULL);

    *c = (struct changes){ .sink.take = take };
    if (!path)
        return true;
    c->baseline = baseline_open(path, options_has(words, OPT_all_addresses), e);
    return c->baseline != NULL;
}

void changes_close(struct changes *c)
{
    baseline_close(c->baseline);
}

struct record_sink *changes_before(struct changes *c, struct record_sink *next)
{
    c->next = next;
    return c->baseline ? &c->sink : next;
}

/* What another part of the list is to probe is not gone.  Where the baseline
 * does not say how a target was written, nobody knows whose it is. */
static bool is_ours(const struct target_stream *targets, const struct record *r)
{
    const struct bytes *text = &r->values[REC_target].text;

    return targets_in_shard(
        targets, record_known(r, REC_target) ? text->data : NULL, text->len);
}

bool changes_end(struct changes *c, const struct target_stream *targets,
                 struct err *e)
{
    uint64_t seq = targets_count(targets);
    struct record *gone;

    if (!c->baseline)
        return true;
    for (size_t i = 0; (gone = baseline_gone(c->baseline, i)) != NULL; i++) {
        struct err why = { .stage = STAGE_INPUT };

        if (!is_ours(targets, gone)) {
            record_free(gone);
            continue;
        }
        err_set(&why, ERR_GONE, "the baseline has it, this run's input not");
        record_outcome(gone, &why);
        gone->seq = seq++;
        c->next->take(c->next, gone);
    }
    return baseline_whole(c->baseline)
           || err_set(
               e, ERR_FILE,
               "-baseline: a row could not be read again, so changes may "
               "be missing");
}
