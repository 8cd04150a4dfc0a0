/* version -- which tlsfleet this is. */
#pragma once

#define TLSFLEET_VERSION "0.1.0"
