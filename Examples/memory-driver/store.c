// Databases by name: handles that give the same name share one, as hosts share a database server.

#include <stdlib.h>
#include "memory.h"

static pthread_mutex_t stores_mutex = PTHREAD_MUTEX_INITIALIZER;
static store *named_stores;

static void free_store(store *store) {
  table_free(&store->table);
  feed_free(&store->feed);
  pthread_rwlock_destroy(&store->lock);
  free(store->name);
  free(store);
}

/// \param name  Empty: nobody else finds it. NULL when there is no memory.
static store *make_store(kms_text name, size_t capacity) {
  store *made = calloc(1, sizeof *made);
  if (made == NULL) return NULL;
  if (pthread_rwlock_init(&made->lock, NULL) != 0) {
    free(made);
    return NULL;
  }
  if (!feed_init(&made->feed)) {
    pthread_rwlock_destroy(&made->lock);
    free(made);
    return NULL;
  }
  made->state = KMS_SCHEMA_EMPTY;
  made->name = name.size == 0 ? NULL : strndup(name.data, name.size);
  if (!table_init(&made->table, capacity) || (name.size > 0 && made->name == NULL)) {
    free_store(made);
    return NULL;
  }
  return made;
}

static kms_status open_new(kms_text name, size_t capacity, const keeper *keeper, bool may_create,
                           store **out, kms_error *error) {
  store *made = make_store(name, capacity);
  if (made == NULL) return refuse(error, KMS_EXHAUSTED);
  made->keeper = keeper;
  const kms_status status = keeper == NULL ? KMS_OK : keeper->open(made, may_create, error);
  if (status != KMS_OK) {
    free_store(made);
    return status;
  }
  *out = made;
  return KMS_OK;
}

static store *find_store(kms_text name) {
  for (store *store = named_stores; store != NULL; store = store->next)
    if (same_text((kms_text){store->name, strlen(store->name)}, name)) return store;
  return NULL;
}

kms_status store_status(const store *store) {
  if (store->is_broken) return KMS_UNAVAILABLE;
  return store->state == KMS_SCHEMA_READY ? KMS_OK : KMS_UPGRADING;
}

kms_status store_take(kms_text name, size_t capacity, const keeper *keeper, bool may_create,
                      store **out, kms_error *error) {
  kms_status status = KMS_OK;
  pthread_mutex_lock(&stores_mutex);
  store *store = name.size == 0 ? NULL : find_store(name);
  if (store == NULL) {
    status = open_new(name, capacity, keeper, may_create, &store, error);
    if (status == KMS_OK && name.size > 0) {
      store->next = named_stores;
      named_stores = store;
    }
  }
  if (status == KMS_OK) {
    store->handles++;
    *out = store;
  }
  pthread_mutex_unlock(&stores_mutex);
  return status;
}

void store_give_back(store *store) {
  pthread_mutex_lock(&stores_mutex); // until all is given back: who opens it next finds it free
  if (--store->handles == 0) {
    struct store **at = &named_stores;
    while (*at != NULL && *at != store) at = &(*at)->next;
    if (*at != NULL) *at = store->next;
    if (store->keeper != NULL) store->keeper->close(store);
    free_store(store);
  }
  pthread_mutex_unlock(&stores_mutex);
}

/// Called with the lock of the store held.
static kms_status clear_store(store *store, kms_error *error) {
  if (store->is_broken) return refuse(error, KMS_UNAVAILABLE);
  if (store->state == KMS_SCHEMA_EMPTY) return KMS_OK;
  if (store->state != KMS_SCHEMA_READY)
    return fail(error, KMS_UNSUPPORTED, "not of a version that we can change");
  const kms_status status =
      store->keeper == NULL ? KMS_OK : store->keeper->clear(store, error);
  if (status != KMS_OK) return status;
  table_clear(&store->table);
  feed_lose(&store->feed);
  return KMS_OK;
}

kms_status store_clear(store *store, bool force, kms_error *error) {
  kms_status status = KMS_CONFLICT;
  pthread_mutex_lock(&stores_mutex); // so that nobody opens it meanwhile
  if (force || store->handles == 1) {
    pthread_rwlock_wrlock(&store->lock);
    status = clear_store(store, error);
    pthread_rwlock_unlock(&store->lock);
  }
  pthread_mutex_unlock(&stores_mutex);
  if (status == KMS_CONFLICT) fail(error, status, "another handle is open on this database");
  return status;
}
