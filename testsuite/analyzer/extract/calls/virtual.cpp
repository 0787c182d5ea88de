// A call through an object of unknown dynamic type reaches every override below the method named;
// where the dynamic type is known the call is direct.
// RUN: %rows_cpp %s call_edge | %verify

struct Shape {
  virtual ~Shape() {}
  virtual double area() const = 0;
  virtual const char *name() const { return "shape"; }
  double twice() const { return 2 * area(); }
  // CHECK: [[#@LINE-1]]:37: Shape::twice -> Both::area virtual via Shape::area
  // CHECK: [[#@LINE-2]]:37: Shape::twice -> Circle::area virtual via Shape::area
  // CHECK: [[#@LINE-3]]:37: Shape::twice -> Early::area virtual via Shape::area
  // CHECK: [[#@LINE-4]]:37: Shape::twice -> Square::area virtual via Shape::area
  // CHECK: [[#@LINE-5]]:37: Shape::twice -> Unit::area virtual via Shape::area
};
struct Square : Shape {
// CHECK: [[#@LINE-1]]:8: Square::Square -> Shape::Shape implicit
// CHECK: [[#@LINE-2]]:8: Square::~Square -> Shape::~Shape implicit
  double area() const override { return 1; }
  const char *name() const override { return "square"; }
};
struct Unit final : Square {
  double area() const override { return 1; }
};
struct Circle : Shape {
  double area() const final { return 3; }
};

double through_reference(const Shape &shape) { return shape.area(); }
// CHECK: [[#@LINE-1]]:61: through_reference -> Both::area virtual via Shape::area
// CHECK: [[#@LINE-2]]:61: through_reference -> Circle::area virtual via Shape::area
// CHECK: [[#@LINE-3]]:61: through_reference -> Early::area virtual via Shape::area
// CHECK: [[#@LINE-4]]:61: through_reference -> Square::area virtual via Shape::area
// CHECK: [[#@LINE-5]]:61: through_reference -> Unit::area virtual via Shape::area
double through_pointer(const Shape *shape) { return shape->area(); }
// CHECK: [[#@LINE-1]]:60: through_pointer -> Both::area virtual via Shape::area
// CHECK: [[#@LINE-2]]:60: through_pointer -> Circle::area virtual via Shape::area
// CHECK: [[#@LINE-3]]:60: through_pointer -> Early::area virtual via Shape::area
// CHECK: [[#@LINE-4]]:60: through_pointer -> Square::area virtual via Shape::area
// CHECK: [[#@LINE-5]]:60: through_pointer -> Unit::area virtual via Shape::area

// From the middle of the hierarchy: only what is below.
double from_the_middle(const Square &square) { return square.area(); }
// CHECK: [[#@LINE-1]]:62: from_the_middle -> Square::area virtual via Square::area
// CHECK: [[#@LINE-2]]:62: from_the_middle -> Unit::area virtual via Square::area

// Known: the object itself, a final class, a final method, a qualified name.
double of_object() {
  Square square;
  // CHECK: [[#@LINE-1]]:10: of_object -> Square::Square implicit
  return square.area();
  // CHECK: [[#@LINE-1]]:3: of_object -> Square::~Square implicit
  // CHECK: [[#@LINE-2]]:17: of_object -> Square::area direct
}
double of_final_class(const Unit &unit) { return unit.area(); }
// CHECK: [[#@LINE-1]]:55: of_final_class -> Unit::area direct
double of_final_method(const Circle &circle) { return circle.area(); }
// CHECK: [[#@LINE-1]]:62: of_final_method -> Circle::area direct
double qualified(const Square &square) { return square.Square::area(); }
// CHECK: [[#@LINE-1]]:64: qualified -> Square::area direct

// A method that no one overrides further.
const char *named(const Circle &circle) { return circle.name(); }
// CHECK: [[#@LINE-1]]:57: named -> Both::name virtual via Shape::name
// CHECK: [[#@LINE-2]]:57: named -> Shape::name virtual via Shape::name
// CHECK: [[#@LINE-3]]:57: named -> Square::name virtual via Shape::name

void destroyed(Shape *shape) { delete shape; }
// CHECK: [[#@LINE-1]]:32: destroyed -> Both::~Both virtual via Shape::~Shape
// CHECK: [[#@LINE-2]]:32: destroyed -> Circle::~Circle virtual via Shape::~Shape
// CHECK: [[#@LINE-3]]:32: destroyed -> Early::~Early virtual via Shape::~Shape
// CHECK: [[#@LINE-4]]:32: destroyed -> Shape::~Shape virtual via Shape::~Shape
// CHECK: [[#@LINE-5]]:32: destroyed -> Square::~Square virtual via Shape::~Shape
// CHECK: [[#@LINE-6]]:32: destroyed -> Unit::~Unit virtual via Shape::~Shape
// CHECK: [[#@LINE-7]]:32: destroyed -> operator delete implicit

// In a constructor, the object is what it is so far; that is not followed.
struct Early : Shape {
// CHECK: [[#@LINE-1]]:8: Early::~Early -> Shape::~Shape implicit
  Early() { name(); }
  // CHECK: [[#@LINE-1]]:3: Early::Early -> Shape::Shape implicit
  // CHECK: [[#@LINE-2]]:13: Early::Early -> Both::name virtual via Shape::name
  // CHECK: [[#@LINE-3]]:13: Early::Early -> Shape::name virtual via Shape::name
  // CHECK: [[#@LINE-4]]:13: Early::Early -> Square::name virtual via Shape::name
  double area() const override { return 0; }
};

// Two bases.
struct Named { virtual const char *name() const = 0; };
struct Both : Shape, Named {
  double area() const override { return 2; }
  const char *name() const override { return "both"; }
};
const char *of_named(const Named &named) { return named.name(); }
// CHECK: [[#@LINE-1]]:57: of_named -> Both::name virtual via Named::name

// Operators can be virtual, too.
struct Functor { virtual void operator()() = 0; };
struct Action : Functor { void operator()() override {} };
void run(Functor &functor) { functor(); }
// CHECK: [[#@LINE-1]]:38: run -> Action::operator() virtual via Functor::operator()

// A covariant override.
struct Source { virtual Shape *make(); };
struct SquareSource : Source { Square *make() override; };
Shape *made(Source &source) { return source.make(); }
// CHECK: [[#@LINE-1]]:45: made -> Source::make virtual via Source::make
// CHECK: [[#@LINE-2]]:45: made -> SquareSource::make virtual via Source::make

// Abstract again further down: what is pure is no target, defined or not.
struct Stage { virtual void run() {} };
struct AbstractStage : Stage { void run() override = 0; };
void AbstractStage::run() {}
struct LastStage : AbstractStage { void run() override { AbstractStage::run(); } };
// CHECK: [[#@LINE-1]]:73: LastStage::run -> AbstractStage::run direct
void staged(Stage &stage) { stage.run(); }
// CHECK: [[#@LINE-1]]:35: staged -> LastStage::run virtual via Stage::run
// CHECK: [[#@LINE-2]]:35: staged -> Stage::run virtual via Stage::run

// A method of the same name is none.
struct Other { double area() const { return 7; } };
double of_other(const Other &other) { return other.area(); }
// CHECK: [[#@LINE-1]]:52: of_other -> Other::area direct
