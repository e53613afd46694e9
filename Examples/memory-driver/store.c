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
  made->name = name.size == 0 ? NULL : strndup(name.data, name.size);
  if (!table_init(&made->table, capacity) || (name.size > 0 && made->name == NULL)) {
    free_store(made);
    return NULL;
  }
  return made;
}

static store *find_store(kms_text name) {
  for (store *store = named_stores; store != NULL; store = store->next)
    if (same_text((kms_text){store->name, strlen(store->name)}, name)) return store;
  return NULL;
}

store *store_take(kms_text name, size_t capacity) {
  pthread_mutex_lock(&stores_mutex);
  store *store = name.size == 0 ? NULL : find_store(name);
  if (store == NULL) {
    store = make_store(name, capacity);
    if (store != NULL && name.size > 0) {
      store->next = named_stores;
      named_stores = store;
    }
  }
  if (store != NULL) store->handles++;
  pthread_mutex_unlock(&stores_mutex);
  return store;
}

void store_give_back(store *store) {
  pthread_mutex_lock(&stores_mutex);
  const bool is_last = --store->handles == 0;
  if (is_last && store->name != NULL) {
    struct store **at = &named_stores;
    while (*at != store) at = &(*at)->next;
    *at = store->next;
  }
  pthread_mutex_unlock(&stores_mutex);
  if (is_last) free_store(store);
}

bool store_clear(store *store, bool force) {
  pthread_mutex_lock(&stores_mutex); // so that nobody opens it meanwhile
  const bool may_clear = force || store->handles == 1;
  if (may_clear) {
    pthread_rwlock_wrlock(&store->lock);
    table_clear(&store->table);
    feed_lose(&store->feed);
    pthread_rwlock_unlock(&store->lock);
  }
  pthread_mutex_unlock(&stores_mutex);
  return may_clear;
}
