// A filter is a tree in prefix order. Read from its end, it is a program for a stack machine: a
// leaf pushes what it is on this object, an operator takes its operands and pushes the outcome. So
// no input, however deep, needs recursion.

#include "memory.h"

static bool is_operator(uint32_t op) {
  return op == KMS_FILTER_AND || op == KMS_FILTER_OR || op == KMS_FILTER_NOT;
}

bool filter_is_tree(const kms_filter *filters, size_t count) {
  size_t depth = 0;
  for (size_t i = count; i-- > 0;) {
    const kms_filter *node = &filters[i];
    if (node->op == KMS_FILTER_NOT && node->arity != 1) return false;
    if (node->arity > depth) return false;
    depth = depth - node->arity + 1;
  }
  return depth == 1 || count == 0;
}

static bool has_prefix(kms_value value, kms_value prefix) {
  return prefix.type != KMS_VALUE_INTEGER && value.bytes.size >= prefix.bytes.size &&
         same_bytes((kms_bytes){value.bytes.data, prefix.bytes.size}, prefix.bytes);
}

static bool same_value(kms_value a, kms_value b) {
  return a.type == KMS_VALUE_INTEGER ? a.number == b.number : same_bytes(a.bytes, b.bytes);
}

static bool term_matches(const kms_term *term, const kms_filter *node) {
  if (!same_text(term->path, node->path)) return false;
  if (node->op == KMS_FILTER_HAS_PATH) return true;
  if (term->value.type != node->value.type) return false;

  const bool is_number = node->value.type == KMS_VALUE_INTEGER;
  const int64_t number = term->value.number, wanted = node->value.number;
  switch (node->op) {
    case KMS_FILTER_EQUAL: return same_value(term->value, node->value);
    case KMS_FILTER_AT_MOST: return is_number && number <= wanted;
    case KMS_FILTER_AT_LEAST: return is_number && number >= wanted;
    case KMS_FILTER_HAS_BITS: return is_number && (number & wanted) == wanted;
    default: return has_prefix(term->value, node->value);
  }
}

static bool has_tag(const kms_object *object, kms_bytes tag) {
  for (size_t i = 0; i < object->tags.count; i++)
    if (same_bytes(text_bytes(object->tags.items[i]), tag)) return true;
  return false;
}

static bool has_term(const kms_object *object, const kms_filter *node) {
  for (size_t i = 0; i < object->term_count; i++)
    if (term_matches(&object->terms[i], node)) return true;
  return false;
}

static truth match_leaf(const kms_filter *node, const kms_object *object) {
  switch (node->op) {
    case KMS_FILTER_EQUAL:
    case KMS_FILTER_AT_MOST:
    case KMS_FILTER_AT_LEAST:
    case KMS_FILTER_PREFIX:
    case KMS_FILTER_HAS_BITS:
    case KMS_FILTER_HAS_PATH: return has_term(object, node) ? YES : NO;
    case KMS_FILTER_UID:
      return same_bytes(text_bytes(object->uid), node->value.bytes) ? YES : NO;
    case KMS_FILTER_OWNER:
      return same_bytes(text_bytes(object->owner), node->value.bytes) ? YES : NO;
    case KMS_FILTER_TYPE: return object->type == node->value.number ? YES : NO;
    case KMS_FILTER_STATE: return object->state == node->value.number ? YES : NO;
    case KMS_FILTER_TAG: return has_tag(object, node->value.bytes) ? YES : NO;
    default: return MAYBE;
  }
}

/// Logic in three values: AND is the least of its operands, OR the greatest, NOT turns them over.
static truth combine(const kms_filter *node, const uint8_t *operands) {
  if (node->op == KMS_FILTER_NOT) return (truth)(YES - operands[0]);
  truth all = YES, any = NO;
  for (uint32_t i = 0; i < node->arity; i++) {
    if (operands[i] < all) all = (truth)operands[i];
    if (operands[i] > any) any = (truth)operands[i];
  }
  return node->op == KMS_FILTER_AND ? all : any;
}

truth filter_match(const kms_filter *filters, size_t count, const kms_object *object,
                   uint8_t *stack) {
  if (count == 0) return YES;
  size_t depth = 0;
  for (size_t i = count; i-- > 0;) {
    const kms_filter *node = &filters[i];
    depth -= node->arity; // filter_is_tree has seen that they are there
    const truth outcome =
        is_operator(node->op) ? combine(node, &stack[depth]) : match_leaf(node, object);
    stack[depth++] = (uint8_t)outcome;
  }
  return (truth)stack[0];
}
