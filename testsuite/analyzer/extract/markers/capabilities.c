// Thread-safety attributes are labels in a form that can be re-based at a call: $0 is the first
// parameter.
// RUN: %rows_c --arg=-Wthread-safety %s label slot_label | %verify

#define CAP __attribute__((capability("mutex")))
#define REQUIRES(...) __attribute__((requires_capability(__VA_ARGS__)))
#define REQUIRES_SHARED(...) __attribute__((requires_shared_capability(__VA_ARGS__)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define ACQUIRE_SHARED(...) __attribute__((acquire_shared_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define RELEASE_SHARED(...) __attribute__((release_shared_capability(__VA_ARGS__)))
#define RELEASE_ANY(...) __attribute__((release_generic_capability(__VA_ARGS__)))
#define TRY_ACQUIRE(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))
#define ASSERTS(...) __attribute__((assert_capability(__VA_ARGS__)))

struct CAP Mutex { int locked; };
typedef struct Mutex Mutex;
struct Node { Mutex lock; struct Node *parent; int value __attribute__((guarded_by(lock))); };
extern Mutex graph_lock;
extern struct Node root;

void needs(void) REQUIRES(graph_lock);
// CHECK: [[#@LINE-1]]: needs is requires:graph_lock capability
void needs_shared(struct Node *node) REQUIRES_SHARED(node->lock);
// CHECK: [[#@LINE-1]]: needs_shared is requires_shared:$0->lock capability
void needs_two(struct Node *node, Mutex *other) REQUIRES(node->parent->lock, other);
// CHECK: [[#@LINE-1]]: needs_two is requires:$0->parent->lock capability
// CHECK: [[#@LINE-2]]: needs_two is requires:$1 capability
void needs_address(struct Node *node) REQUIRES(&node->lock);
// CHECK: [[#@LINE-1]]: needs_address is requires:$0->lock capability
void must_not(void) EXCLUDES(graph_lock);
// CHECK: [[#@LINE-1]]: must_not is excludes:graph_lock capability
void must_not_hold(Mutex *mutex) REQUIRES(!mutex);
// CHECK: [[#@LINE-1]]: must_not_hold is requires:!$0 capability
void lock(Mutex *mutex) ACQUIRE(mutex);
// CHECK: [[#@LINE-1]]: lock is acquires:$0 capability
void lock_shared(Mutex *mutex) ACQUIRE_SHARED(*mutex);
// CHECK: [[#@LINE-1]]: lock_shared is acquires_shared:$0 capability
void unlock(Mutex *mutex) RELEASE(mutex);
// CHECK: [[#@LINE-1]]: unlock is releases:$0 capability
void unlock_shared(Mutex *mutex) RELEASE_SHARED(mutex);
// CHECK: [[#@LINE-1]]: unlock_shared is releases_shared:$0 capability
void unlock_any(Mutex *mutex) RELEASE_ANY(mutex);
// CHECK: [[#@LINE-1]]: unlock_any is releases_generic:$0 capability
int try_lock(Mutex *mutex) TRY_ACQUIRE(1, mutex);
// CHECK: [[#@LINE-1]]: try_lock is try_acquires:$0 capability
void assert_held(Mutex *mutex) ASSERTS(mutex);
// CHECK: [[#@LINE-1]]: assert_held is asserts:$0 capability
void of_global_field(void) REQUIRES(root.lock);
// CHECK: [[#@LINE-1]]: of_global_field is requires:root->lock capability
Mutex *lock_of(struct Node *node) __attribute__((lock_returned(node->lock)));
// CHECK: [[#@LINE-1]]: lock_of is returns_lock:$0->lock capability
void unchecked(void) __attribute__((no_thread_safety_analysis));
// CHECK: [[#@LINE-1]]: unchecked is no_analysis capability

// At the definition, the definition's names.
void needs_shared(struct Node *renamed) {}

struct Ops { void (*callback)(void) __attribute__((annotate("locked"))); };

// CHECK: Node::value is guarded_by:this->lock
// CHECK: Ops::callback is locked
