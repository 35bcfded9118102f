// SHA256_Transform, by which a hash goes on from a kept state, is deprecated and has no successor that is as cheap.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/rand.h>
#include <openssl/err.h>
#include <openssl/crypto.h>
