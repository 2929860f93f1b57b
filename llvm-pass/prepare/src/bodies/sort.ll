; Merging sort, from the bottom up: runs of `width` elements are merged into a buffer, which is
; copied back. `left` and `right` count through the two runs, `at` through the merged one.
define void @enzyme.body.qsort(ptr %array, i64 %count, i64 %size, ptr %compare) {
entry:
  %short = icmp ult i64 %count, 2
  br i1 %short, label %done, label %allocate
allocate:
  %bytes = mul nuw i64 %count, %size
  %buffer = call ptr @malloc(i64 %bytes)
  br label %widths
widths:
  %width = phi i64 [ 1, %allocate ], [ %wider, %merged ]
  br label %runs
runs:
  %start = phi i64 [ 0, %widths ], [ %end, %next ]
  %middle.full = add nuw i64 %start, %width
  %middle = call i64 @llvm.umin.i64(i64 %middle.full, i64 %count)
  %end.full = add nuw i64 %middle, %width
  %end = call i64 @llvm.umin.i64(i64 %end.full, i64 %count)
  br label %merge
merge:
  %at = phi i64 [ %start, %runs ], [ %at.next, %take ]
  %left = phi i64 [ %start, %runs ], [ %left.next, %take ]
  %right = phi i64 [ %middle, %runs ], [ %right.next, %take ]
  %left.ends = icmp eq i64 %left, %middle
  br i1 %left.ends, label %take, label %ask.right
ask.right:
  %right.ends = icmp eq i64 %right, %end
  br i1 %right.ends, label %take, label %ask
ask:
  %left.bytes = mul nuw i64 %left, %size
  %left.address = getelementptr inbounds i8, ptr %array, i64 %left.bytes
  %right.bytes = mul nuw i64 %right, %size
  %right.address = getelementptr inbounds i8, ptr %array, i64 %right.bytes
  %order = call i32 %compare(ptr %left.address, ptr %right.address)
  %greater = icmp sgt i32 %order, 0
  br label %take
take:
  %is.right = phi i1 [ true, %merge ], [ false, %ask.right ], [ %greater, %ask ]
  %from = select i1 %is.right, i64 %right, i64 %left
  %from.bytes = mul nuw i64 %from, %size
  %from.address = getelementptr inbounds i8, ptr %array, i64 %from.bytes
  %at.bytes = mul nuw i64 %at, %size
  %at.address = getelementptr inbounds i8, ptr %buffer, i64 %at.bytes
  call void @llvm.memcpy.p0.p0.i64(ptr %at.address, ptr %from.address, i64 %size, i1 false)
  %from.right = zext i1 %is.right to i64
  %from.left = sub i64 1, %from.right
  %right.next = add nuw i64 %right, %from.right
  %left.next = add nuw i64 %left, %from.left
  %at.next = add nuw i64 %at, 1
  %ends = icmp eq i64 %at.next, %end
  br i1 %ends, label %next, label %merge
next:
  %all = icmp eq i64 %end, %count
  br i1 %all, label %merged, label %runs
merged:
  call void @llvm.memcpy.p0.p0.i64(ptr %array, ptr %buffer, i64 %bytes, i1 false)
  %wider = shl nuw i64 %width, 1
  %sorted = icmp uge i64 %wider, %count
  br i1 %sorted, label %free, label %widths
free:
  call void @free(ptr %buffer)
  br label %done
done:
  ret void
}

declare ptr @malloc(i64)
declare void @free(ptr)
declare i64 @llvm.umin.i64(i64, i64)
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
