; A function of a table, and one of a virtual table: a function of another type, or at
; another place, is none of the choices.

@functions = constant [2 x ptr] [ptr @square, ptr @twice]
@virtual = constant { ptr, i64, i64, ptr, ptr } { ptr null, i64 8, i64 8, ptr @method, ptr @square }

define internal double @square(double %v) {
  %w = fmul double %v, %v
  ret double %w
}

define internal double @twice(double %v) {
  %w = fadd double %v, %v
  ret double %w
}

define internal double @method(ptr %self, double %v) {
  %own = load double, ptr %self
  %w = fmul double %v, %own
  ret double %w
}

define void @f(ptr %x, ptr %y, ptr %which) {
  %v = load double, ptr %x
  %i = load i64, ptr %which
  %slot = getelementptr ptr, ptr @functions, i64 %i
  %function = load ptr, ptr %slot
  %a = call double %function(double %v)
  %j = trunc i64 %i to i1
  %table = select i1 %j, ptr @virtual, ptr %which
  %place = getelementptr i8, ptr %table, i64 24
  %virtual = load ptr, ptr %place
  %b = call double %virtual(ptr %x, double %a)
  store double %b, ptr %y
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
