; A field leads to an array of counts or to places that hold a float or a count each. What
; is increased there may be one of the array, so the array has a shadow as the places have.

define void @f(ptr %x, ptr %y, ptr %which) {
entry:
  %fields = alloca [4 x ptr]
  %n.at = getelementptr i64, ptr %which, i64 4
  %n = load i64, ptr %n.at
  %field = getelementptr ptr, ptr %fields, i64 %n
  %is = load i1, ptr %which
  br i1 %is, label %first, label %places
first:
  %many = load i64, ptr %n.at
  %size = shl nuw i64 %many, 3
  %room = call ptr @malloc(i64 %size)
  store i64 5, ptr %room
  br label %fill
fill:
  %i = phi i64 [ 1, %first ], [ %next, %fill ]
  %at = getelementptr i64, ptr %room, i64 %i
  %before = getelementptr i8, ptr %at, i64 -8
  %last = load i64, ptr %before
  %count = mul i64 %last, 3
  store i64 %count, ptr %at
  %next = add nuw nsw i64 %i, 1
  %full = icmp eq i64 %next, %many
  br i1 %full, label %counts, label %fill
counts:
  store ptr %room, ptr %field
  br label %join
places:
  %mixed = call ptr @malloc(i64 64)
  %k.at = getelementptr i64, ptr %which, i64 1
  %k = load i64, ptr %k.at
  %place = getelementptr i64, ptr %mixed, i64 %k
  %a = load double, ptr %x
  store double %a, ptr %place
  %other = getelementptr ptr, ptr %fields, i64 %k
  store ptr %mixed, ptr %other
  br label %join
join:
  %j.at = getelementptr i64, ptr %which, i64 2
  %j = load i64, ptr %j.at
  %m.at = getelementptr i64, ptr %which, i64 5
  %m = load i64, ptr %m.at
  %one = getelementptr ptr, ptr %fields, i64 %m
  %array = load ptr, ptr %one
  %second = getelementptr i64, ptr %array, i64 %j
  %counts.at = getelementptr i64, ptr %which, i64 3
  %is.count = load i1, ptr %counts.at
  br i1 %is.count, label %increase, label %square
increase:
  %old = load i64, ptr %second
  %new = add i64 %old, 1
  store i64 %new, ptr %second
  %c = uitofp i64 %new to double
  store double %c, ptr %y
  br label %done
square:
  %b = load double, ptr %second
  %s = fmul double %b, %b
  store double %s, ptr %y
  br label %done
done:
  ret void
}

declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
