; An enum of the caller, float or box, is copied, and the copy may become a box: what its
; shadow holds when the forward sweep copies it cannot be told.

define void @f(ptr %x, ptr %y, ptr %at) {
  %values = alloca [4 x { i64, i64 }]
  %i = load i64, ptr %at
  %value = getelementptr { i64, i64 }, ptr %values, i64 %i
  call void @llvm.memcpy.p0.p0.i64(ptr %value, ptr %x, i64 16, i1 false)
  %payload = getelementptr i8, ptr %value, i64 8
  %given = getelementptr i8, ptr %x, i64 8
  %v = load double, ptr %given
  %positive = fcmp ogt double %v, 0.0
  br i1 %positive, label %boxed, label %made
boxed:
  %box = call ptr @malloc(i64 8)
  store double %v, ptr %box
  store i64 1, ptr %value
  store ptr %box, ptr %payload
  br label %made
made:
  %second = getelementptr i64, ptr %at, i64 1
  %j = load i64, ptr %second
  %other = getelementptr { i64, i64 }, ptr %values, i64 %j
  %content = getelementptr i8, ptr %other, i64 8
  %tag = load i64, ptr %other
  %is.box = icmp eq i64 %tag, 1
  br i1 %is.box, label %open, label %read
open:
  %address = load ptr, ptr %content
  %a = load double, ptr %address
  br label %done
read:
  %b = load double, ptr %content
  br label %done
done:
  %w = phi double [ %a, %open ], [ %b, %read ]
  %square = fmul double %w, %w
  store double %square, ptr %y
  ret void
}

declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
