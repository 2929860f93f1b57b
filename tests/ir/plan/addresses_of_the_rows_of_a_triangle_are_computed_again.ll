; The rows of a packed triangle get shorter by one: where row i begins is quadratic in i,
; a function of the counter, and takes no place on the tape.

define void @f(ptr %packed, ptr %y, ptr %len) {
entry:
  %n = load i64, ptr %len
  br label %row

row:
  %i = phi i64 [ 0, %entry ], [ %i.next, %next ]
  %begin = phi ptr [ %packed, %entry ], [ %begin.next, %next ]
  %left = sub i64 %n, %i
  br label %item

item:
  %k = phi i64 [ 0, %row ], [ %k.next, %item ]
  %at = getelementptr double, ptr %begin, i64 %k
  %v = load double, ptr %at
  %at.y = getelementptr double, ptr %y, i64 %k
  %old = load double, ptr %at.y
  %square = fmul double %v, %v
  %new = fadd double %old, %square
  store double %new, ptr %at.y
  %k.next = add nuw i64 %k, 1
  %more = icmp ult i64 %k.next, %left
  br i1 %more, label %item, label %next

next:
  %begin.next = getelementptr double, ptr %begin, i64 %left
  %i.next = add nuw i64 %i, 1
  %on = icmp ult i64 %i.next, %n
  br i1 %on, label %row, label %done

done:
  ret void
}

@request = constant [11 x i8] c"ENZ\00\01\01\00\03\01\01\00"

define void @caller(ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2) {
  call void (ptr, ptr, ptr, ptr, ...) @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr @f, ptr @request, ptr null, ptr @step, ptr %p0, ptr %s0, ptr %p1, ptr %s1, ptr %p2, ptr null)
  ret void
}

declare i1 @step(ptr, i64)
declare void @enzyme_rs__the_plugin_did_not_run__build_with__cargo_enzyme_build(ptr, ptr, ptr, ptr, ...)
