// The contract is headers only; this file lets the build system compile them once as C.
#include <kms/database.h>
#include <kms/hsm.h>
#include <kms/draft/tasks.h>
#include <kms/draft/tenants.h>
