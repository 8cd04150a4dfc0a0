/* rules -- which state a target has in the eyes of a monitoring plug-in. */
#pragma once

#include "piece.h"
#include "report/plugin.h"

struct rule {
    enum plugin_state state;
    /* What is the matter, behind the target's name. */
    void (*say)(struct piece *note, const struct record *r);
};

/* NULL: all is well. */
const struct rule *rule_for(const struct record *r,
                            const struct plugin_config *config);
