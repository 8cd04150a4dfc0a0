/* reason -- what an errno of a socket call says about the peer. */
#pragma once

#include "base/err.h"

enum err_code reason_of(int sys, enum err_code otherwise);
