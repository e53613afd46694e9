// The header alone: drivers load the vendor's library themselves. Debian keeps it in a folder that
// pkg-config names together with a library to link, which nobody here wants.
#include <p11-kit-1/p11-kit/pkcs11.h>
