// An HSM driver that means something else by an option of the database driver `inner.so`.
#include "overlay.h"

static const char *const models[] = {"other-option", NULL};

static void spoil(void) {
  info.kind = KMS_HSM;
  info.id = "org.example.kms.other-option";
  info.serves = models;
  options[0].type = KMS_OPTION_TEXT;
  options[0].default_value = "\"elsewhere\"";
  options[0].minimum = options[0].maximum = 0;
}
