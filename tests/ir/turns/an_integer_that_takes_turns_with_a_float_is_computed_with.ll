; Places that hold a float or a count each: a count is increased where it lies.

define void @f(ptr %x, ptr %y, ptr %which) {
entry:
  %places = call ptr @malloc(i64 64)
  %index = load i64, ptr %which
  %place = getelementptr i64, ptr %places, i64 %index
  %counts.at = getelementptr i64, ptr %which, i64 1
  %counts = load i1, ptr %counts.at
  br i1 %counts, label %count, label %value
count:
  store i64 3, ptr %place
  br label %join
value:
  %a = load double, ptr %x
  store double %a, ptr %place
  br label %join
join:
  %other.at = getelementptr i64, ptr %which, i64 2
  %other = load i64, ptr %other.at
  %second = getelementptr i64, ptr %places, i64 %other
  %is.at = getelementptr i64, ptr %which, i64 3
  %is = load i1, ptr %is.at
  br i1 %is, label %increase, label %square
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
  %last = load double, ptr %place
  %sum = load double, ptr %y
  %total = fadd double %sum, %last
  store double %total, ptr %y
  call void @free(ptr %places)
  ret void
}

declare noalias ptr @malloc(i64) allockind("alloc,uninitialized") allocsize(0) "alloc-family"="malloc"
declare void @free(ptr allocptr) allockind("free") "alloc-family"="malloc"

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
