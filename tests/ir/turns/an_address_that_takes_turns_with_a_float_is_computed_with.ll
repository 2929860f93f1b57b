; Places that hold a float or the address of a list each: an address is moved on to the next
; element where it lies. Its shadow moves on, too.

define void @f(ptr %x, ptr %y, ptr %which) {
entry:
  %list = call ptr @malloc(i64 16)
  %places = call ptr @malloc(i64 64)
  %index = load i64, ptr %which
  %place = getelementptr i64, ptr %places, i64 %index
  %lists.at = getelementptr i64, ptr %which, i64 1
  %lists = load i1, ptr %lists.at
  %a = load double, ptr %x
  br i1 %lists, label %addresses, label %value
addresses:
  %second.at = getelementptr double, ptr %list, i64 1
  store double %a, ptr %second.at
  store ptr %list, ptr %place
  br label %join
value:
  store double %a, ptr %place
  br label %join
join:
  %other.at = getelementptr i64, ptr %which, i64 2
  %other = load i64, ptr %other.at
  %second = getelementptr i64, ptr %places, i64 %other
  %is.at = getelementptr i64, ptr %which, i64 3
  %is = load i1, ptr %is.at
  br i1 %is, label %advance, label %square
advance:
  %old = load i64, ptr %second
  %new = add i64 %old, 8
  store i64 %new, ptr %second
  %element = inttoptr i64 %new to ptr
  %e = load double, ptr %element
  store double %e, ptr %y
  br label %done
square:
  %b = load double, ptr %second
  %s = fmul double %b, %b
  store double %s, ptr %y
  br label %done
done:
  call void @free(ptr %list)
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
