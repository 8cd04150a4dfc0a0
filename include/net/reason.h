/* reason -- what an errno of a socket call says about the peer, or about the
 * way to it; "otherwise" when it says nothing of them. */
#pragma once

#include "base/err.h"

enum err_code net_reason(int sys, enum err_code otherwise);
