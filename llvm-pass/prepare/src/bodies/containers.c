// What the headers of libstdc++ leave to its library: the links of std::map, std::set and
// std::list. `containers.ll` is made of this file; the test `containers.c` in `tests/c.rs`
// does so (with ENZYME_BLESS=1) and compares.
//
// The library's own functions keep these properties, and so do those here, so that both may
// work on one container: a tree's `header` has the root as `parent`, the first node as `left`
// and the last one as `right`, and is the root's parent; the header is red, the root black;
// below a red node are black ones, and on every way from the root to an empty place there are
// as many black nodes (red-black trees: Cormen et al., Introduction to Algorithms, chapter 13).
#include <stdbool.h>

#define BODY(name) __asm__("enzyme.body." name)

enum { RED, BLACK };

typedef struct Node {
  int color;
  struct Node *parent, *left, *right;
} Node;

Node *increment(Node *node) BODY("tree.increment");
Node *decrement(Node *node) BODY("tree.decrement");
void replace(Node *node, Node *by, Node *header) BODY("tree.replace");
void rotate_left(Node *node, Node *header) BODY("tree.rotate_left");
void rotate_right(Node *node, Node *header) BODY("tree.rotate_right");
void insert(bool left, Node *node, Node *parent, Node *header) BODY("tree.insert");
void mend(Node *child, Node *above, Node *header) BODY("tree.mend");
Node *erase(Node *node, Node *header) BODY("tree.erase");

// The node after this one; the header after the last.
Node *increment(Node *node) {
  if (node->right) {
    Node *next = node->right;
    while (next->left)
      next = next->left;
    return next;
  }
  Node *above = node->parent;
  while (node == above->right) {
    node = above;
    above = above->parent;
  }
  // From the last node, which is the root, the way leads through the header.
  return node->right == above ? node : above;
}

// The node before this one; the last before the header.
Node *decrement(Node *node) {
  if (node->color == RED && node->parent->parent == node)
    return node->right;
  if (node->left) {
    Node *next = node->left;
    while (next->right)
      next = next->right;
    return next;
  }
  Node *above = node->parent;
  while (node == above->left) {
    node = above;
    above = above->parent;
  }
  return above;
}

// Puts `by` where `node` is among the children of its parent.
void replace(Node *node, Node *by, Node *header) {
  Node *parent = node->parent;
  if (parent == header)
    header->parent = by;
  else if (parent->left == node)
    parent->left = by;
  else
    parent->right = by;
}

// Puts the right child of `node` in its place, and `node` below it.
void rotate_left(Node *node, Node *header) {
  Node *up = node->right, *inner = up->left;
  node->right = inner;
  if (inner)
    inner->parent = node;
  up->parent = node->parent;
  replace(node, up, header);
  up->left = node;
  node->parent = up;
}

void rotate_right(Node *node, Node *header) {
  Node *up = node->left, *inner = up->right;
  node->left = inner;
  if (inner)
    inner->parent = node;
  up->parent = node->parent;
  replace(node, up, header);
  up->right = node;
  node->parent = up;
}

void insert(bool left, Node *node, Node *parent, Node *header) {
  node->color = RED;
  node->parent = parent;
  node->left = 0;
  node->right = 0;
  if (left) {
    // The first node of all goes to the left of the header.
    parent->left = node;
    if (parent == header) {
      header->parent = node;
      header->right = node;
    } else if (parent == header->left) {
      header->left = node;
    }
  } else {
    parent->right = node;
    if (parent == header->right)
      header->right = node;
  }
  while (node != header->parent && node->parent->color == RED) {
    Node *above = node->parent, *top = above->parent;
    bool is_left = above == top->left;
    Node *uncle = is_left ? top->right : top->left;
    if (uncle && uncle->color == RED) {
      above->color = BLACK;
      uncle->color = BLACK;
      top->color = RED;
      node = top;
    } else if (is_left) {
      if (node == above->right) {
        node = above;
        rotate_left(node, header);
      }
      node->parent->color = BLACK;
      top->color = RED;
      rotate_right(top, header);
    } else {
      if (node == above->left) {
        node = above;
        rotate_right(node, header);
      }
      node->parent->color = BLACK;
      top->color = RED;
      rotate_left(top, header);
    }
  }
  header->parent->color = BLACK;
}

// Makes the subtree below `above` at the place of `child` (which may be empty) deeper by one
// black node: it lacks one.
void mend(Node *child, Node *above, Node *header) {
  while (child != header->parent && (!child || child->color == BLACK)) {
    if (child == above->left) {
      Node *other = above->right;
      if (other->color == RED) {
        other->color = BLACK;
        above->color = RED;
        rotate_left(above, header);
        other = above->right;
      }
      if ((!other->left || other->left->color == BLACK) &&
          (!other->right || other->right->color == BLACK)) {
        other->color = RED;
        child = above;
        above = above->parent;
        continue;
      }
      if (!other->right || other->right->color == BLACK) {
        other->left->color = BLACK;
        other->color = RED;
        rotate_right(other, header);
        other = above->right;
      }
      other->color = above->color;
      above->color = BLACK;
      other->right->color = BLACK;
      rotate_left(above, header);
      return;
    }
    Node *other = above->left;
    if (other->color == RED) {
      other->color = BLACK;
      above->color = RED;
      rotate_right(above, header);
      other = above->left;
    }
    if ((!other->left || other->left->color == BLACK) &&
        (!other->right || other->right->color == BLACK)) {
      other->color = RED;
      child = above;
      above = above->parent;
      continue;
    }
    if (!other->left || other->left->color == BLACK) {
      other->right->color = BLACK;
      other->color = RED;
      rotate_left(other, header);
      other = above->left;
    }
    other->color = above->color;
    above->color = BLACK;
    other->left->color = BLACK;
    rotate_right(above, header);
    return;
  }
  if (child)
    child->color = BLACK;
}

// Takes `node` out of the tree and gives it back.
Node *erase(Node *node, Node *header) {
  Node *child, *above;
  int color = node->color;
  if (node->left && node->right) {
    // The next node takes its place, and its color.
    Node *next = node->right;
    while (next->left)
      next = next->left;
    child = next->right;
    above = next;
    color = next->color;
    if (next->parent != node) {
      above = next->parent;
      above->left = child;
      if (child)
        child->parent = above;
      next->right = node->right;
      next->right->parent = next;
    }
    next->left = node->left;
    next->left->parent = next;
    replace(node, next, header);
    next->parent = node->parent;
    next->color = node->color;
  } else {
    child = node->left ? node->left : node->right;
    above = node->parent;
    if (header->left == node)
      header->left = node->right ? increment(node) : above;
    if (header->right == node)
      header->right = node->left ? decrement(node) : above;
    if (child)
      child->parent = above;
    replace(node, child, header);
  }
  if (color == BLACK)
    mend(child, above, header);
  return node;
}

typedef struct Link {
  struct Link *next, *prev;
} Link;

void hook(Link *link, Link *place) BODY("list.hook");
void unhook(Link *link) BODY("list.unhook");
void transfer(Link *place, Link *first, Link *end) BODY("list.transfer");
void reverse(Link *head) BODY("list.reverse");
void swap(Link *a, Link *b) BODY("list.swap");

// Puts a link before a place.
void hook(Link *link, Link *place) {
  link->next = place;
  link->prev = place->prev;
  place->prev->next = link;
  place->prev = link;
}

void unhook(Link *link) {
  link->prev->next = link->next;
  link->next->prev = link->prev;
}

// Moves the links from `first` to the one before `end` to before a place.
void transfer(Link *place, Link *first, Link *end) {
  if (place == end)
    return;
  Link *last = end->prev, *before = place->prev;
  first->prev->next = end;
  end->prev = first->prev;
  last->next = place;
  place->prev = last;
  first->prev = before;
  before->next = first;
}

void reverse(Link *head) {
  Link *link = head;
  do {
    Link *next = link->next;
    link->next = link->prev;
    link->prev = next;
    link = next;
  } while (link != head);
}

// Exchanges what two heads lead to; a head of an empty list leads to itself.
void swap(Link *a, Link *b) {
  Link at_a = *a, at_b = *b;
  *a = at_b.next == b ? (Link){a, a} : at_b;
  *b = at_a.next == a ? (Link){b, b} : at_a;
  a->next->prev = a->prev->next = a;
  b->next->prev = b->prev->next = b;
}
