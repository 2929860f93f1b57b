; Made of `containers.c` by the test of `tests/c.rs` that compares them.
define dso_local ptr @enzyme.body.tree.increment(ptr noundef readonly captures(address, ret: address, provenance) %node) local_unnamed_addr {
entry:
  %right = getelementptr inbounds nuw i8, ptr %node, i64 24
  %0 = load ptr, ptr %right, align 8
  %tobool.not = icmp eq ptr %0, null
  br i1 %tobool.not, label %while.cond4, label %while.cond

while.cond:
  %next.0 = phi ptr [ %1, %while.cond ], [ %0, %entry ]
  %left = getelementptr inbounds nuw i8, ptr %next.0, i64 16
  %1 = load ptr, ptr %left, align 8
  %tobool2.not = icmp eq ptr %1, null
  br i1 %tobool2.not, label %return, label %while.cond

while.cond4:
  %node.addr.0 = phi ptr [ %above.0, %while.cond4 ], [ %node, %entry ]
  %above.0.in = getelementptr inbounds nuw i8, ptr %node.addr.0, i64 8
  %above.0 = load ptr, ptr %above.0.in, align 8
  %right5 = getelementptr inbounds nuw i8, ptr %above.0, i64 24
  %2 = load ptr, ptr %right5, align 8
  %cmp = icmp eq ptr %node.addr.0, %2
  br i1 %cmp, label %while.cond4, label %while.end8

while.end8:
  %right9 = getelementptr inbounds nuw i8, ptr %node.addr.0, i64 24
  %3 = load ptr, ptr %right9, align 8
  %cmp10 = icmp eq ptr %3, %above.0
  %cond = select i1 %cmp10, ptr %node.addr.0, ptr %above.0
  br label %return

return:
  %retval.0 = phi ptr [ %cond, %while.end8 ], [ %next.0, %while.cond ]
  ret ptr %retval.0
}

define dso_local ptr @enzyme.body.tree.decrement(ptr noundef readonly captures(address) %node) local_unnamed_addr {
entry:
  %0 = load i32, ptr %node, align 8
  %cmp = icmp eq i32 %0, 0
  br i1 %cmp, label %land.lhs.true, label %if.end

land.lhs.true:
  %parent = getelementptr inbounds nuw i8, ptr %node, i64 8
  %1 = load ptr, ptr %parent, align 8
  %parent1 = getelementptr inbounds nuw i8, ptr %1, i64 8
  %2 = load ptr, ptr %parent1, align 8
  %cmp2 = icmp eq ptr %2, %node
  br i1 %cmp2, label %if.then, label %if.end

if.then:
  %right = getelementptr inbounds nuw i8, ptr %node, i64 24
  %3 = load ptr, ptr %right, align 8
  br label %return

if.end:
  %left = getelementptr inbounds nuw i8, ptr %node, i64 16
  %4 = load ptr, ptr %left, align 8
  %tobool.not = icmp eq ptr %4, null
  br i1 %tobool.not, label %while.cond10, label %while.cond

while.cond:
  %next.0 = phi ptr [ %5, %while.cond ], [ %4, %if.end ]
  %right5 = getelementptr inbounds nuw i8, ptr %next.0, i64 24
  %5 = load ptr, ptr %right5, align 8
  %tobool6.not = icmp eq ptr %5, null
  br i1 %tobool6.not, label %return, label %while.cond

while.cond10:
  %node.addr.0 = phi ptr [ %above.0, %while.cond10 ], [ %node, %if.end ]
  %above.0.in = getelementptr inbounds nuw i8, ptr %node.addr.0, i64 8
  %above.0 = load ptr, ptr %above.0.in, align 8
  %left11 = getelementptr inbounds nuw i8, ptr %above.0, i64 16
  %6 = load ptr, ptr %left11, align 8
  %cmp12 = icmp eq ptr %node.addr.0, %6
  br i1 %cmp12, label %while.cond10, label %return

return:
  %retval.0 = phi ptr [ %3, %if.then ], [ %above.0, %while.cond10 ], [ %next.0, %while.cond ]
  ret ptr %retval.0
}

define dso_local void @enzyme.body.tree.replace(ptr noundef readonly captures(address) %node, ptr noundef %by, ptr noundef writeonly captures(address) %header) local_unnamed_addr {
entry:
  %parent1 = getelementptr inbounds nuw i8, ptr %node, i64 8
  %0 = load ptr, ptr %parent1, align 8
  %cmp = icmp eq ptr %0, %header
  br i1 %cmp, label %if.then, label %if.else

if.then:
  %parent2 = getelementptr inbounds nuw i8, ptr %header, i64 8
  store ptr %by, ptr %parent2, align 8
  br label %if.end7

if.else:
  %left = getelementptr inbounds nuw i8, ptr %0, i64 16
  %1 = load ptr, ptr %left, align 8
  %cmp3 = icmp eq ptr %1, %node
  br i1 %cmp3, label %if.then4, label %if.else6

if.then4:
  store ptr %by, ptr %left, align 8
  br label %if.end7

if.else6:
  %right = getelementptr inbounds nuw i8, ptr %0, i64 24
  store ptr %by, ptr %right, align 8
  br label %if.end7

if.end7:
  ret void
}

define dso_local void @enzyme.body.tree.rotate_left(ptr noundef %node, ptr noundef writeonly captures(address) %header) local_unnamed_addr {
entry:
  %right = getelementptr inbounds nuw i8, ptr %node, i64 24
  %0 = load ptr, ptr %right, align 8
  %left = getelementptr inbounds nuw i8, ptr %0, i64 16
  %1 = load ptr, ptr %left, align 8
  store ptr %1, ptr %right, align 8
  %tobool.not = icmp eq ptr %1, null
  br i1 %tobool.not, label %if.end, label %if.then

if.then:
  %parent = getelementptr inbounds nuw i8, ptr %1, i64 8
  store ptr %node, ptr %parent, align 8
  br label %if.end

if.end:
  %parent2 = getelementptr inbounds nuw i8, ptr %node, i64 8
  %2 = load ptr, ptr %parent2, align 8
  %parent3 = getelementptr inbounds nuw i8, ptr %0, i64 8
  store ptr %2, ptr %parent3, align 8
  %cmp.i = icmp eq ptr %2, %header
  br i1 %cmp.i, label %if.then.i, label %if.else.i

if.then.i:
  %parent2.i = getelementptr inbounds nuw i8, ptr %header, i64 8
  store ptr %0, ptr %parent2.i, align 8
  br label %enzyme.body.tree.replace.exit

if.else.i:
  %left.i = getelementptr inbounds nuw i8, ptr %2, i64 16
  %3 = load ptr, ptr %left.i, align 8
  %cmp3.i = icmp eq ptr %3, %node
  br i1 %cmp3.i, label %if.then4.i, label %if.else6.i

if.then4.i:
  store ptr %0, ptr %left.i, align 8
  br label %enzyme.body.tree.replace.exit

if.else6.i:
  %right.i = getelementptr inbounds nuw i8, ptr %2, i64 24
  store ptr %0, ptr %right.i, align 8
  br label %enzyme.body.tree.replace.exit

enzyme.body.tree.replace.exit:
  store ptr %node, ptr %left, align 8
  store ptr %0, ptr %parent2, align 8
  ret void
}

define dso_local void @enzyme.body.tree.rotate_right(ptr noundef %node, ptr noundef writeonly captures(address) %header) local_unnamed_addr {
entry:
  %left = getelementptr inbounds nuw i8, ptr %node, i64 16
  %0 = load ptr, ptr %left, align 8
  %right = getelementptr inbounds nuw i8, ptr %0, i64 24
  %1 = load ptr, ptr %right, align 8
  store ptr %1, ptr %left, align 8
  %tobool.not = icmp eq ptr %1, null
  br i1 %tobool.not, label %if.end, label %if.then

if.then:
  %parent = getelementptr inbounds nuw i8, ptr %1, i64 8
  store ptr %node, ptr %parent, align 8
  br label %if.end

if.end:
  %parent2 = getelementptr inbounds nuw i8, ptr %node, i64 8
  %2 = load ptr, ptr %parent2, align 8
  %parent3 = getelementptr inbounds nuw i8, ptr %0, i64 8
  store ptr %2, ptr %parent3, align 8
  %cmp.i = icmp eq ptr %2, %header
  br i1 %cmp.i, label %if.then.i, label %if.else.i

if.then.i:
  %parent2.i = getelementptr inbounds nuw i8, ptr %header, i64 8
  store ptr %0, ptr %parent2.i, align 8
  br label %enzyme.body.tree.replace.exit

if.else.i:
  %left.i = getelementptr inbounds nuw i8, ptr %2, i64 16
  %3 = load ptr, ptr %left.i, align 8
  %cmp3.i = icmp eq ptr %3, %node
  br i1 %cmp3.i, label %if.then4.i, label %if.else6.i

if.then4.i:
  store ptr %0, ptr %left.i, align 8
  br label %enzyme.body.tree.replace.exit

if.else6.i:
  %right.i = getelementptr inbounds nuw i8, ptr %2, i64 24
  store ptr %0, ptr %right.i, align 8
  br label %enzyme.body.tree.replace.exit

enzyme.body.tree.replace.exit:
  store ptr %node, ptr %right, align 8
  store ptr %0, ptr %parent2, align 8
  ret void
}

define dso_local void @enzyme.body.tree.insert(i1 noundef zeroext %left, ptr noundef initializes((0, 4), (8, 32)) %node, ptr noundef %parent, ptr noundef captures(address) %header) local_unnamed_addr {
entry:
  store i32 0, ptr %node, align 8
  %parent1 = getelementptr inbounds nuw i8, ptr %node, i64 8
  store ptr %parent, ptr %parent1, align 8
  %left2 = getelementptr inbounds nuw i8, ptr %node, i64 16
  tail call void @llvm.memset.p0.i64(ptr noundef nonnull align 8 dereferenceable(16) %left2, i8 0, i64 16, i1 false)
  br i1 %left, label %if.then, label %if.else12

if.then:
  %left3 = getelementptr inbounds nuw i8, ptr %parent, i64 16
  store ptr %node, ptr %left3, align 8
  %cmp = icmp eq ptr %parent, %header
  br i1 %cmp, label %if.then4, label %if.else

if.then4:
  %parent5 = getelementptr inbounds nuw i8, ptr %header, i64 8
  store ptr %node, ptr %parent5, align 8
  %right6 = getelementptr inbounds nuw i8, ptr %header, i64 24
  store ptr %node, ptr %right6, align 8
  br label %if.end19

if.else:
  %left7 = getelementptr inbounds nuw i8, ptr %header, i64 16
  %0 = load ptr, ptr %left7, align 8
  %cmp8 = icmp eq ptr %parent, %0
  br i1 %cmp8, label %if.then9, label %if.end19

if.then9:
  store ptr %node, ptr %left7, align 8
  br label %if.end19

if.else12:
  %right13 = getelementptr inbounds nuw i8, ptr %parent, i64 24
  store ptr %node, ptr %right13, align 8
  %right14 = getelementptr inbounds nuw i8, ptr %header, i64 24
  %1 = load ptr, ptr %right14, align 8
  %cmp15 = icmp eq ptr %parent, %1
  br i1 %cmp15, label %if.then16, label %if.end19

if.then16:
  store ptr %node, ptr %right14, align 8
  br label %if.end19

if.end19:
  %parent20 = getelementptr inbounds nuw i8, ptr %header, i64 8
  br label %while.cond

while.cond:
  %node.addr.0 = phi ptr [ %node, %if.end19 ], [ %node.addr.0.be, %while.cond.backedge ]
  %2 = load ptr, ptr %parent20, align 8
  %cmp21.not = icmp eq ptr %node.addr.0, %2
  br i1 %cmp21.not, label %while.end, label %land.rhs

land.rhs:
  %parent22 = getelementptr inbounds nuw i8, ptr %node.addr.0, i64 8
  %3 = load ptr, ptr %parent22, align 8
  %4 = load i32, ptr %3, align 8
  %cmp24 = icmp eq i32 %4, 0
  br i1 %cmp24, label %while.body, label %while.end

while.body:
  %parent26 = getelementptr inbounds nuw i8, ptr %3, i64 8
  %5 = load ptr, ptr %parent26, align 8
  %left27 = getelementptr inbounds nuw i8, ptr %5, i64 16
  %6 = load ptr, ptr %left27, align 8
  %cmp28 = icmp eq ptr %3, %6
  br i1 %cmp28, label %cond.true, label %cond.end

cond.true:
  %right31 = getelementptr inbounds nuw i8, ptr %5, i64 24
  %7 = load ptr, ptr %right31, align 8
  br label %cond.end

cond.end:
  %cond = phi ptr [ %7, %cond.true ], [ %6, %while.body ]
  %tobool.not = icmp eq ptr %cond, null
  br i1 %tobool.not, label %if.else39, label %land.lhs.true

land.lhs.true:
  %8 = load i32, ptr %cond, align 8
  %cmp34 = icmp eq i32 %8, 0
  br i1 %cmp34, label %if.then35, label %if.else39

if.then35:
  store i32 1, ptr %3, align 8
  store i32 1, ptr %cond, align 8
  store i32 0, ptr %5, align 8
  br label %while.cond.backedge

if.else39:
  br i1 %cmp28, label %if.then41, label %if.else49

if.then41:
  %right42 = getelementptr inbounds nuw i8, ptr %3, i64 24
  %9 = load ptr, ptr %right42, align 8
  %cmp43 = icmp eq ptr %node.addr.0, %9
  br i1 %cmp43, label %if.then44, label %if.end45

if.then44:
  tail call void @enzyme.body.tree.rotate_left(ptr noundef nonnull %3, ptr noundef nonnull %header)
  %.pre114 = load ptr, ptr %parent26, align 8
  br label %if.end45

if.end45:
  %10 = phi ptr [ %.pre114, %if.then44 ], [ %3, %if.then41 ]
  %node.addr.1 = phi ptr [ %3, %if.then44 ], [ %node.addr.0, %if.then41 ]
  store i32 1, ptr %10, align 8
  store i32 0, ptr %5, align 8
  tail call void @enzyme.body.tree.rotate_right(ptr noundef nonnull %5, ptr noundef nonnull %header)
  br label %while.cond.backedge

while.cond.backedge:
  %node.addr.0.be = phi ptr [ %5, %if.then35 ], [ %node.addr.1, %if.end45 ], [ %node.addr.2, %if.end53 ]
  br label %while.cond

if.else49:
  %left50 = getelementptr inbounds nuw i8, ptr %3, i64 16
  %11 = load ptr, ptr %left50, align 8
  %cmp51 = icmp eq ptr %node.addr.0, %11
  br i1 %cmp51, label %if.then52, label %if.end53

if.then52:
  tail call void @enzyme.body.tree.rotate_right(ptr noundef nonnull %3, ptr noundef nonnull %header)
  %.pre = load ptr, ptr %parent26, align 8
  br label %if.end53

if.end53:
  %12 = phi ptr [ %.pre, %if.then52 ], [ %3, %if.else49 ]
  %node.addr.2 = phi ptr [ %3, %if.then52 ], [ %node.addr.0, %if.else49 ]
  store i32 1, ptr %12, align 8
  store i32 0, ptr %5, align 8
  tail call void @enzyme.body.tree.rotate_left(ptr noundef nonnull %5, ptr noundef nonnull %header)
  br label %while.cond.backedge

while.end:
  store i32 1, ptr %2, align 8
  ret void
}

define dso_local void @enzyme.body.tree.mend(ptr noundef captures(address) %child, ptr noundef %above, ptr noundef captures(address) %header) local_unnamed_addr {
entry:
  %parent = getelementptr inbounds nuw i8, ptr %header, i64 8
  br label %while.cond

while.cond:
  %above.addr.0 = phi ptr [ %above, %entry ], [ %above.addr.0.be, %while.cond.backedge ]
  %child.addr.0 = phi ptr [ %child, %entry ], [ %above.addr.0, %while.cond.backedge ]
  %0 = load ptr, ptr %parent, align 8
  %cmp.not = icmp eq ptr %child.addr.0, %0
  %tobool87.not = icmp eq ptr %child.addr.0, null
  br i1 %cmp.not, label %while.end, label %land.rhs

land.rhs:
  br i1 %tobool87.not, label %while.body, label %lor.rhs

lor.rhs:
  %1 = load i32, ptr %child.addr.0, align 8
  %cmp1 = icmp eq i32 %1, 1
  br i1 %cmp1, label %while.body, label %if.then88

while.body:
  %left = getelementptr inbounds nuw i8, ptr %above.addr.0, i64 16
  %2 = load ptr, ptr %left, align 8
  %cmp2 = icmp eq ptr %child.addr.0, %2
  br i1 %cmp2, label %if.then, label %if.end41

if.then:
  %right = getelementptr inbounds nuw i8, ptr %above.addr.0, i64 24
  %3 = load ptr, ptr %right, align 8
  %4 = load i32, ptr %3, align 8
  %cmp4 = icmp eq i32 %4, 0
  br i1 %cmp4, label %if.then5, label %if.end

if.then5:
  store i32 1, ptr %3, align 8
  store i32 0, ptr %above.addr.0, align 8
  tail call void @enzyme.body.tree.rotate_left(ptr noundef nonnull %above.addr.0, ptr noundef nonnull %header)
  %5 = load ptr, ptr %right, align 8
  br label %if.end

if.end:
  %other.0 = phi ptr [ %5, %if.then5 ], [ %3, %if.then ]
  %left9 = getelementptr inbounds nuw i8, ptr %other.0, i64 16
  %6 = load ptr, ptr %left9, align 8
  %tobool10.not = icmp eq ptr %6, null
  br i1 %tobool10.not, label %land.lhs.true, label %lor.lhs.false

lor.lhs.false:
  %7 = load i32, ptr %6, align 8
  %cmp13 = icmp eq i32 %7, 1
  br i1 %cmp13, label %land.lhs.true, label %if.end23

land.lhs.true:
  %right14 = getelementptr inbounds nuw i8, ptr %other.0, i64 24
  %8 = load ptr, ptr %right14, align 8
  %tobool15.not = icmp eq ptr %8, null
  br i1 %tobool15.not, label %while.cond.backedge, label %lor.lhs.false16

lor.lhs.false16:
  %9 = load i32, ptr %8, align 8
  %cmp19 = icmp eq i32 %9, 1
  br i1 %cmp19, label %while.cond.backedge, label %cleanup.thread

if.end23:
  %right24.phi.trans.insert = getelementptr inbounds nuw i8, ptr %other.0, i64 24
  %.pre = load ptr, ptr %right24.phi.trans.insert, align 8
  %tobool25.not = icmp eq ptr %.pre, null
  br i1 %tobool25.not, label %if.then30, label %lor.lhs.false26

lor.lhs.false26:
  %.pr201 = load i32, ptr %.pre, align 8
  %cmp29 = icmp eq i32 %.pr201, 1
  br i1 %cmp29, label %if.then30, label %cleanup.thread

if.then30:
  store i32 1, ptr %6, align 8
  store i32 0, ptr %other.0, align 8
  tail call void @enzyme.body.tree.rotate_right(ptr noundef nonnull %other.0, ptr noundef nonnull %header)
  %10 = load ptr, ptr %right, align 8
  br label %cleanup.thread

cleanup.thread:
  %other.1 = phi ptr [ %10, %if.then30 ], [ %other.0, %lor.lhs.false26 ], [ %other.0, %lor.lhs.false16 ]
  %11 = load i32, ptr %above.addr.0, align 8
  store i32 %11, ptr %other.1, align 8
  store i32 1, ptr %above.addr.0, align 8
  %right39 = getelementptr inbounds nuw i8, ptr %other.1, i64 24
  %12 = load ptr, ptr %right39, align 8
  store i32 1, ptr %12, align 8
  tail call void @enzyme.body.tree.rotate_left(ptr noundef nonnull %above.addr.0, ptr noundef nonnull %header)
  br label %if.end90

while.cond.backedge:
  %other.0.sink = phi ptr [ %other42.0, %lor.lhs.false60 ], [ %other42.0, %land.lhs.true57 ], [ %other.0, %land.lhs.true ], [ %other.0, %lor.lhs.false16 ]
  store i32 0, ptr %other.0.sink, align 8
  %above.addr.0.be.in = getelementptr inbounds nuw i8, ptr %above.addr.0, i64 8
  %above.addr.0.be = load ptr, ptr %above.addr.0.be.in, align 8
  br label %while.cond

if.end41:
  %13 = load i32, ptr %2, align 8
  %cmp45 = icmp eq i32 %13, 0
  br i1 %cmp45, label %if.then46, label %if.end50

if.then46:
  store i32 1, ptr %2, align 8
  store i32 0, ptr %above.addr.0, align 8
  tail call void @enzyme.body.tree.rotate_right(ptr noundef nonnull %above.addr.0, ptr noundef nonnull %header)
  %14 = load ptr, ptr %left, align 8
  br label %if.end50

if.end50:
  %other42.0 = phi ptr [ %14, %if.then46 ], [ %2, %if.end41 ]
  %left51 = getelementptr inbounds nuw i8, ptr %other42.0, i64 16
  %15 = load ptr, ptr %left51, align 8
  %tobool52.not = icmp eq ptr %15, null
  br i1 %tobool52.not, label %land.lhs.true57, label %lor.lhs.false53

lor.lhs.false53:
  %16 = load i32, ptr %15, align 8
  %cmp56 = icmp eq i32 %16, 1
  br i1 %cmp56, label %land.lhs.true57, label %cleanup85.thread

land.lhs.true57:
  %right58 = getelementptr inbounds nuw i8, ptr %other42.0, i64 24
  %17 = load ptr, ptr %right58, align 8
  %tobool59.not = icmp eq ptr %17, null
  br i1 %tobool59.not, label %while.cond.backedge, label %lor.lhs.false60

lor.lhs.false60:
  %18 = load i32, ptr %17, align 8
  %cmp63 = icmp eq i32 %18, 1
  br i1 %cmp63, label %while.cond.backedge, label %if.end67

if.end67:
  br i1 %tobool52.not, label %if.then74, label %lor.lhs.false70

lor.lhs.false70:
  %.pr = load i32, ptr %15, align 8
  %cmp73 = icmp eq i32 %.pr, 1
  br i1 %cmp73, label %if.then74, label %cleanup85.thread

if.then74:
  store i32 1, ptr %17, align 8
  store i32 0, ptr %other42.0, align 8
  tail call void @enzyme.body.tree.rotate_left(ptr noundef nonnull %other42.0, ptr noundef nonnull %header)
  %19 = load ptr, ptr %left, align 8
  br label %cleanup85.thread

cleanup85.thread:
  %other42.1 = phi ptr [ %19, %if.then74 ], [ %other42.0, %lor.lhs.false70 ], [ %other42.0, %lor.lhs.false53 ]
  %20 = load i32, ptr %above.addr.0, align 8
  store i32 %20, ptr %other42.1, align 8
  store i32 1, ptr %above.addr.0, align 8
  %left83 = getelementptr inbounds nuw i8, ptr %other42.1, i64 16
  %21 = load ptr, ptr %left83, align 8
  store i32 1, ptr %21, align 8
  tail call void @enzyme.body.tree.rotate_right(ptr noundef nonnull %above.addr.0, ptr noundef nonnull %header)
  br label %if.end90

while.end:
  br i1 %tobool87.not, label %if.end90, label %if.then88

if.then88:
  store i32 1, ptr %child.addr.0, align 8
  br label %if.end90

if.end90:
  ret void
}

define dso_local noundef ptr @enzyme.body.tree.erase(ptr noundef returned %node, ptr noundef captures(address) %header) local_unnamed_addr {
entry:
  %0 = load i32, ptr %node, align 8
  %left = getelementptr inbounds nuw i8, ptr %node, i64 16
  %1 = load ptr, ptr %left, align 8
  %tobool.not = icmp eq ptr %1, null
  %right31 = getelementptr inbounds nuw i8, ptr %node, i64 24
  %2 = load ptr, ptr %right31, align 8
  %3 = icmp eq ptr %2, null
  br i1 %tobool.not, label %cond.end, label %land.lhs.true

land.lhs.true:
  br i1 %3, label %cond.end.thread, label %while.cond

while.cond:
  %next.0 = phi ptr [ %4, %while.cond ], [ %2, %land.lhs.true ]
  %left4 = getelementptr inbounds nuw i8, ptr %next.0, i64 16
  %4 = load ptr, ptr %left4, align 8
  %tobool5.not = icmp eq ptr %4, null
  br i1 %tobool5.not, label %while.end, label %while.cond

while.end:
  %left4.le = getelementptr inbounds nuw i8, ptr %next.0, i64 16
  %right7 = getelementptr inbounds nuw i8, ptr %next.0, i64 24
  %5 = load ptr, ptr %right7, align 8
  %6 = load i32, ptr %next.0, align 8
  %parent = getelementptr inbounds nuw i8, ptr %next.0, i64 8
  %7 = load ptr, ptr %parent, align 8
  %cmp.not = icmp eq ptr %7, %node
  br i1 %cmp.not, label %if.end19, label %if.then9

if.then9:
  %left11 = getelementptr inbounds nuw i8, ptr %7, i64 16
  store ptr %5, ptr %left11, align 8
  %tobool12.not = icmp eq ptr %5, null
  br i1 %tobool12.not, label %if.end, label %if.then13

if.then13:
  %parent14 = getelementptr inbounds nuw i8, ptr %5, i64 8
  store ptr %7, ptr %parent14, align 8
  br label %if.end

if.end:
  %8 = load ptr, ptr %right31, align 8
  store ptr %8, ptr %right7, align 8
  %parent18 = getelementptr inbounds nuw i8, ptr %8, i64 8
  store ptr %next.0, ptr %parent18, align 8
  %.pre = load ptr, ptr %left, align 8
  br label %if.end19

if.end19:
  %9 = phi ptr [ %.pre, %if.end ], [ %1, %while.end ]
  %above.0 = phi ptr [ %7, %if.end ], [ %next.0, %while.end ]
  store ptr %9, ptr %left4.le, align 8
  %parent23 = getelementptr inbounds nuw i8, ptr %9, i64 8
  store ptr %next.0, ptr %parent23, align 8
  %parent1.i = getelementptr inbounds nuw i8, ptr %node, i64 8
  %10 = load ptr, ptr %parent1.i, align 8
  %cmp.i = icmp eq ptr %10, %header
  br i1 %cmp.i, label %if.then.i, label %if.else.i

if.then.i:
  %parent2.i = getelementptr inbounds nuw i8, ptr %header, i64 8
  store ptr %next.0, ptr %parent2.i, align 8
  br label %enzyme.body.tree.replace.exit

if.else.i:
  %left.i = getelementptr inbounds nuw i8, ptr %10, i64 16
  %11 = load ptr, ptr %left.i, align 8
  %cmp3.i = icmp eq ptr %11, %node
  br i1 %cmp3.i, label %if.then4.i, label %if.else6.i

if.then4.i:
  store ptr %next.0, ptr %left.i, align 8
  br label %enzyme.body.tree.replace.exit

if.else6.i:
  %right.i = getelementptr inbounds nuw i8, ptr %10, i64 24
  store ptr %next.0, ptr %right.i, align 8
  br label %enzyme.body.tree.replace.exit

enzyme.body.tree.replace.exit:
  %12 = load ptr, ptr %parent1.i, align 8
  store ptr %12, ptr %parent, align 8
  %13 = load i32, ptr %node, align 8
  store i32 %13, ptr %next.0, align 8
  br label %if.end60

cond.end:
  %parent32 = getelementptr inbounds nuw i8, ptr %node, i64 8
  %14 = load ptr, ptr %parent32, align 8
  %left33 = getelementptr inbounds nuw i8, ptr %header, i64 16
  %15 = load ptr, ptr %left33, align 8
  %cmp34 = icmp eq ptr %15, %node
  br i1 %cmp34, label %if.then35, label %if.end43

cond.end.thread:
  %parent32140 = getelementptr inbounds nuw i8, ptr %node, i64 8
  %16 = load ptr, ptr %parent32140, align 8
  %left33141 = getelementptr inbounds nuw i8, ptr %header, i64 16
  %17 = load ptr, ptr %left33141, align 8
  %cmp34142 = icmp eq ptr %17, %node
  br i1 %cmp34142, label %cond.end40, label %if.end43

if.then35:
  br i1 %3, label %cond.end40, label %cond.true38

cond.true38:
  %call = tail call ptr @enzyme.body.tree.increment(ptr noundef nonnull %node)
  br label %cond.end40

cond.end40:
  %cond145155 = phi ptr [ %2, %cond.true38 ], [ null, %if.then35 ], [ %1, %cond.end.thread ]
  %parent32147154 = phi ptr [ %parent32, %cond.true38 ], [ %parent32, %if.then35 ], [ %parent32140, %cond.end.thread ]
  %18 = phi ptr [ %14, %cond.true38 ], [ %14, %if.then35 ], [ %16, %cond.end.thread ]
  %left33148153 = phi ptr [ %left33, %cond.true38 ], [ %left33, %if.then35 ], [ %left33141, %cond.end.thread ]
  %cond41 = phi ptr [ %call, %cond.true38 ], [ %14, %if.then35 ], [ %16, %cond.end.thread ]
  store ptr %cond41, ptr %left33148153, align 8
  br label %if.end43

if.end43:
  %19 = phi ptr [ %16, %cond.end.thread ], [ %18, %cond.end40 ], [ %14, %cond.end ]
  %parent32146 = phi ptr [ %parent32140, %cond.end.thread ], [ %parent32147154, %cond.end40 ], [ %parent32, %cond.end ]
  %cond144 = phi ptr [ %1, %cond.end.thread ], [ %cond145155, %cond.end40 ], [ %2, %cond.end ]
  %right44 = getelementptr inbounds nuw i8, ptr %header, i64 24
  %20 = load ptr, ptr %right44, align 8
  %cmp45 = icmp eq ptr %20, %node
  br i1 %cmp45, label %if.then46, label %if.end55

if.then46:
  %21 = load ptr, ptr %left, align 8
  %tobool48.not = icmp eq ptr %21, null
  br i1 %tobool48.not, label %cond.end52, label %cond.true49

cond.true49:
  %call50 = tail call ptr @enzyme.body.tree.decrement(ptr noundef nonnull %node)
  br label %cond.end52

cond.end52:
  %cond53 = phi ptr [ %call50, %cond.true49 ], [ %19, %if.then46 ]
  store ptr %cond53, ptr %right44, align 8
  br label %if.end55

if.end55:
  %tobool56.not = icmp eq ptr %cond144, null
  br i1 %tobool56.not, label %if.end59, label %if.then57

if.then57:
  %parent58 = getelementptr inbounds nuw i8, ptr %cond144, i64 8
  store ptr %19, ptr %parent58, align 8
  br label %if.end59

if.end59:
  %22 = load ptr, ptr %parent32146, align 8
  %cmp.i122 = icmp eq ptr %22, %header
  br i1 %cmp.i122, label %if.then.i129, label %if.else.i123

if.then.i129:
  %parent2.i130 = getelementptr inbounds nuw i8, ptr %header, i64 8
  store ptr %cond144, ptr %parent2.i130, align 8
  br label %if.end60

if.else.i123:
  %left.i124 = getelementptr inbounds nuw i8, ptr %22, i64 16
  %23 = load ptr, ptr %left.i124, align 8
  %cmp3.i125 = icmp eq ptr %23, %node
  br i1 %cmp3.i125, label %if.then4.i128, label %if.else6.i126

if.then4.i128:
  store ptr %cond144, ptr %left.i124, align 8
  br label %if.end60

if.else6.i126:
  %right.i127 = getelementptr inbounds nuw i8, ptr %22, i64 24
  store ptr %cond144, ptr %right.i127, align 8
  br label %if.end60

if.end60:
  %child.0 = phi ptr [ %5, %enzyme.body.tree.replace.exit ], [ %cond144, %if.then.i129 ], [ %cond144, %if.then4.i128 ], [ %cond144, %if.else6.i126 ]
  %above.1 = phi ptr [ %above.0, %enzyme.body.tree.replace.exit ], [ %19, %if.then.i129 ], [ %19, %if.then4.i128 ], [ %19, %if.else6.i126 ]
  %color.0 = phi i32 [ %6, %enzyme.body.tree.replace.exit ], [ %0, %if.then.i129 ], [ %0, %if.then4.i128 ], [ %0, %if.else6.i126 ]
  %cmp61 = icmp eq i32 %color.0, 1
  br i1 %cmp61, label %if.then62, label %if.end63

if.then62:
  tail call void @enzyme.body.tree.mend(ptr noundef %child.0, ptr noundef %above.1, ptr noundef %header)
  br label %if.end63

if.end63:
  ret ptr %node
}

define dso_local void @enzyme.body.list.hook(ptr noundef initializes((0, 16)) %link, ptr noundef %place) local_unnamed_addr {
entry:
  store ptr %place, ptr %link, align 8
  %prev = getelementptr inbounds nuw i8, ptr %place, i64 8
  %0 = load ptr, ptr %prev, align 8
  %prev1 = getelementptr inbounds nuw i8, ptr %link, i64 8
  store ptr %0, ptr %prev1, align 8
  store ptr %link, ptr %0, align 8
  store ptr %link, ptr %prev, align 8
  ret void
}

define dso_local void @enzyme.body.list.unhook(ptr noundef readonly captures(none) %link) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %link, align 8
  %prev = getelementptr inbounds nuw i8, ptr %link, i64 8
  %1 = load ptr, ptr %prev, align 8
  store ptr %0, ptr %1, align 8
  %2 = load ptr, ptr %prev, align 8
  %prev4 = getelementptr inbounds nuw i8, ptr %0, i64 8
  store ptr %2, ptr %prev4, align 8
  ret void
}

define dso_local void @enzyme.body.list.transfer(ptr noundef %place, ptr noundef %first, ptr noundef %end) local_unnamed_addr {
entry:
  %cmp = icmp eq ptr %place, %end
  br i1 %cmp, label %return, label %if.end

if.end:
  %prev = getelementptr inbounds nuw i8, ptr %end, i64 8
  %0 = load ptr, ptr %prev, align 8
  %prev1 = getelementptr inbounds nuw i8, ptr %place, i64 8
  %1 = load ptr, ptr %prev1, align 8
  %prev2 = getelementptr inbounds nuw i8, ptr %first, i64 8
  %2 = load ptr, ptr %prev2, align 8
  store ptr %end, ptr %2, align 8
  %3 = load ptr, ptr %prev2, align 8
  store ptr %3, ptr %prev, align 8
  store ptr %place, ptr %0, align 8
  store ptr %0, ptr %prev1, align 8
  store ptr %1, ptr %prev2, align 8
  store ptr %first, ptr %1, align 8
  br label %return

return:
  ret void
}

define dso_local void @enzyme.body.list.reverse(ptr noundef captures(address) %head) local_unnamed_addr {
entry:
  br label %do.body

do.body:
  %link.0 = phi ptr [ %head, %entry ], [ %0, %do.body ]
  %0 = load ptr, ptr %link.0, align 8
  %prev = getelementptr inbounds nuw i8, ptr %link.0, i64 8
  %1 = load ptr, ptr %prev, align 8
  store ptr %1, ptr %link.0, align 8
  store ptr %0, ptr %prev, align 8
  %cmp.not = icmp eq ptr %0, %head
  br i1 %cmp.not, label %do.end, label %do.body

do.end:
  ret void
}

define dso_local void @enzyme.body.list.swap(ptr noundef %a, ptr noundef %b) local_unnamed_addr {
entry:
  %at_a.sroa.0.0.copyload = load ptr, ptr %a, align 8
  %at_a.sroa.5.0..sroa_idx = getelementptr inbounds nuw i8, ptr %a, i64 8
  %at_a.sroa.5.0.copyload = load ptr, ptr %at_a.sroa.5.0..sroa_idx, align 8
  %at_b.sroa.0.0.copyload = load ptr, ptr %b, align 8
  %at_b.sroa.5.0..sroa_idx = getelementptr inbounds nuw i8, ptr %b, i64 8
  %cmp = icmp eq ptr %at_b.sroa.0.0.copyload, %b
  br i1 %cmp, label %cond.end, label %cond.false

cond.false:
  %at_b.sroa.5.0.copyload = load ptr, ptr %at_b.sroa.5.0..sroa_idx, align 8
  br label %cond.end

cond.end:
  %storemerge38 = phi ptr [ %at_b.sroa.0.0.copyload, %cond.false ], [ %a, %entry ]
  %storemerge = phi ptr [ %at_b.sroa.5.0.copyload, %cond.false ], [ %a, %entry ]
  store ptr %storemerge38, ptr %a, align 8
  store ptr %storemerge, ptr %at_a.sroa.5.0..sroa_idx, align 8
  %cmp3 = icmp eq ptr %at_a.sroa.0.0.copyload, %a
  %b.at_a.sroa.0.0.copyload = select i1 %cmp3, ptr %b, ptr %at_a.sroa.0.0.copyload
  %b.at_a.sroa.5.0.copyload = select i1 %cmp3, ptr %b, ptr %at_a.sroa.5.0.copyload
  store ptr %b.at_a.sroa.0.0.copyload, ptr %b, align 8
  store ptr %b.at_a.sroa.5.0.copyload, ptr %at_b.sroa.5.0..sroa_idx, align 8
  %0 = load ptr, ptr %at_a.sroa.5.0..sroa_idx, align 8
  store ptr %a, ptr %0, align 8
  %1 = load ptr, ptr %a, align 8
  %prev13 = getelementptr inbounds nuw i8, ptr %1, i64 8
  store ptr %a, ptr %prev13, align 8
  %2 = load ptr, ptr %at_b.sroa.5.0..sroa_idx, align 8
  store ptr %b, ptr %2, align 8
  %3 = load ptr, ptr %b, align 8
  %prev17 = getelementptr inbounds nuw i8, ptr %3, i64 8
  store ptr %b, ptr %prev17, align 8
  ret void
}

declare void @llvm.memset.p0.i64(ptr writeonly captures(none), i8, i64, i1 immarg)
