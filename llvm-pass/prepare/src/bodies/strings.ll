; Made of `strings.c` by the test of `tests/c.rs` that compares them.
%struct.String = type { ptr, i64, %union.anon }
%union.anon = type { i64, [8 x i8] }

@.str = private unnamed_addr constant [13 x i8] c"basic_string\00", align 1

define dso_local ptr @enzyme.body.string.create(ptr readnone captures(none) %s, ptr noundef captures(none) %capacity, i64 noundef %old) local_unnamed_addr {
entry:
  %0 = load i64, ptr %capacity, align 8
  %cmp = icmp ugt i64 %0, %old
  br i1 %cmp, label %land.lhs.true, label %if.end

land.lhs.true:
  %mul = shl i64 %old, 1
  %cmp1 = icmp ult i64 %0, %mul
  br i1 %cmp1, label %if.then, label %if.end

if.then:
  store i64 %mul, ptr %capacity, align 8
  br label %if.end

if.end:
  %1 = phi i64 [ %mul, %if.then ], [ %0, %land.lhs.true ], [ %0, %entry ]
  %add = add i64 %1, 1
  %call = tail call ptr @_Znwm(i64 noundef %add)
  ret ptr %call
}

declare ptr @_Znwm(i64 noundef) local_unnamed_addr

define dso_local void @enzyme.body.string.mutate(ptr noundef captures(address) %s, i64 noundef %at, i64 noundef %gone, ptr noundef readonly captures(address_is_null) %from, i64 noundef %n) local_unnamed_addr {
entry:
  %capacity = alloca i64, align 8
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  call void @llvm.lifetime.start.p0(ptr nonnull %capacity)
  %add = sub i64 %n, %gone
  %sub3 = add i64 %add, %0
  store i64 %sub3, ptr %capacity, align 8
  %1 = load ptr, ptr %s, align 8
  %2 = getelementptr inbounds nuw i8, ptr %s, i64 16
  %cmp.i = icmp eq ptr %1, %2
  br i1 %cmp.i, label %room.exit, label %cond.false.i

cond.false.i:
  %3 = load i64, ptr %2, align 8
  br label %room.exit

room.exit:
  %cond.i = phi i64 [ %3, %cond.false.i ], [ 15, %entry ]
  %call4 = call ptr @enzyme.body.string.create(ptr nonnull poison, ptr noundef nonnull %capacity, i64 noundef %cond.i)
  %4 = load ptr, ptr %s, align 8
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %call4, ptr align 1 %4, i64 %at, i1 false)
  %tobool.not = icmp eq ptr %from, null
  br i1 %tobool.not, label %if.end, label %if.then

if.then:
  %add.ptr = getelementptr inbounds nuw i8, ptr %call4, i64 %at
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %add.ptr, ptr nonnull align 1 %from, i64 %n, i1 false)
  br label %if.end

if.end:
  %5 = add i64 %gone, %at
  %sub1 = sub i64 %0, %5
  %add.ptr6 = getelementptr inbounds nuw i8, ptr %call4, i64 %at
  %add.ptr7 = getelementptr inbounds nuw i8, ptr %add.ptr6, i64 %n
  %6 = load ptr, ptr %s, align 8
  %add.ptr9 = getelementptr inbounds nuw i8, ptr %6, i64 %at
  %add.ptr10 = getelementptr inbounds nuw i8, ptr %add.ptr9, i64 %gone
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %add.ptr7, ptr align 1 %add.ptr10, i64 %sub1, i1 false)
  %7 = load ptr, ptr %s, align 8
  %cmp.not.i = icmp eq ptr %7, %2
  br i1 %cmp.not.i, label %drop.exit, label %if.then.i

if.then.i:
  tail call void @_ZdlPv(ptr noundef %7)
  br label %drop.exit

drop.exit:
  store ptr %call4, ptr %s, align 8
  %8 = load i64, ptr %capacity, align 8
  store i64 %8, ptr %2, align 8
  call void @llvm.lifetime.end.p0(ptr nonnull %capacity)
  ret void
}

declare void @llvm.lifetime.start.p0(ptr captures(none))

declare void @llvm.memcpy.p0.p0.i64(ptr noalias writeonly captures(none), ptr noalias readonly captures(none), i64, i1 immarg)

declare void @llvm.lifetime.end.p0(ptr captures(none))

define dso_local noundef ptr @enzyme.body.string.replace(ptr noundef returned captures(address, ret: address, provenance) %s, i64 noundef %at, i64 noundef %gone, ptr noundef readonly captures(address) %from, i64 noundef %n) local_unnamed_addr {
entry:
  %size1 = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size1, align 8
  %add = sub i64 %n, %gone
  %sub = add i64 %add, %0
  %1 = load ptr, ptr %s, align 8
  %2 = getelementptr inbounds nuw i8, ptr %s, i64 16
  %cmp.i = icmp eq ptr %1, %2
  br i1 %cmp.i, label %room.exit, label %cond.false.i

cond.false.i:
  %3 = load i64, ptr %2, align 8
  br label %room.exit

room.exit:
  %cond.i = phi i64 [ %3, %cond.false.i ], [ 15, %entry ]
  %cmp = icmp ugt i64 %sub, %cond.i
  br i1 %cmp, label %if.then, label %if.else

if.then:
  tail call void @enzyme.body.string.mutate(ptr noundef nonnull %s, i64 noundef %at, i64 noundef %gone, ptr noundef %from, i64 noundef %n)
  br label %if.end22

if.else:
  %cmp2.not = icmp ult ptr %from, %1
  %add.ptr = getelementptr inbounds nuw i8, ptr %1, i64 %0
  %cmp5.not = icmp ugt ptr %from, %add.ptr
  %or.cond = select i1 %cmp2.not, i1 true, i1 %cmp5.not
  br i1 %or.cond, label %if.end, label %if.then6

if.then6:
  %add7 = add i64 %n, 1
  %call8 = tail call ptr @_Znwm(i64 noundef %add7)
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %call8, ptr align 1 %from, i64 %n, i1 false)
  %.pre = load ptr, ptr %s, align 8
  %.pre54 = load i64, ptr %size1, align 8
  br label %if.end

if.end:
  %4 = phi i64 [ %.pre54, %if.then6 ], [ %0, %if.else ]
  %5 = phi ptr [ %.pre, %if.then6 ], [ %1, %if.else ]
  %from.addr.0 = phi ptr [ %call8, %if.then6 ], [ %from, %if.else ]
  %copy.0 = phi ptr [ %call8, %if.then6 ], [ null, %if.else ]
  %add.ptr10 = getelementptr inbounds nuw i8, ptr %5, i64 %at
  %add.ptr11 = getelementptr inbounds nuw i8, ptr %add.ptr10, i64 %n
  %add.ptr14 = getelementptr inbounds nuw i8, ptr %add.ptr10, i64 %gone
  %6 = add i64 %gone, %at
  %sub17 = sub i64 %4, %6
  tail call void @llvm.memmove.p0.p0.i64(ptr align 1 %add.ptr11, ptr align 1 %add.ptr14, i64 %sub17, i1 false)
  %7 = load ptr, ptr %s, align 8
  %add.ptr19 = getelementptr inbounds nuw i8, ptr %7, i64 %at
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %add.ptr19, ptr align 1 %from.addr.0, i64 %n, i1 false)
  %tobool.not = icmp eq ptr %copy.0, null
  br i1 %tobool.not, label %if.end22, label %if.then20

if.then20:
  tail call void @_ZdlPv(ptr noundef nonnull %copy.0)
  br label %if.end22

if.end22:
  store i64 %sub, ptr %size1, align 8
  %8 = load ptr, ptr %s, align 8
  %arrayidx.i = getelementptr inbounds nuw i8, ptr %8, i64 %sub
  store i8 0, ptr %arrayidx.i, align 1
  ret ptr %s
}

declare void @llvm.memmove.p0.p0.i64(ptr writeonly captures(none), ptr readonly captures(none), i64, i1 immarg)

declare void @_ZdlPv(ptr noundef) local_unnamed_addr

define dso_local noundef ptr @enzyme.body.string.replace_checked(ptr noundef returned captures(address, ret: address, provenance) %s, i64 noundef %at, i64 noundef %gone, ptr noundef readonly captures(address) %from, i64 noundef %n) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %cmp.i = icmp ugt i64 %at, %0
  br i1 %cmp.i, label %if.then.i, label %check.exit

if.then.i:
  tail call void @_ZSt20__throw_out_of_rangePKc(ptr noundef nonnull @.str)
  unreachable

check.exit:
  %sub = sub nuw i64 %0, %at
  %cond.i = tail call i64 @llvm.umin.i64(i64 %gone, i64 %sub)
  %call2 = tail call ptr @enzyme.body.string.replace(ptr noundef nonnull %s, i64 noundef %at, i64 noundef %cond.i, ptr noundef %from, i64 noundef %n)
  ret ptr %s
}

define dso_local noundef ptr @enzyme.body.string.replace_filled(ptr noundef returned captures(address, ret: address, provenance) %s, i64 noundef %at, i64 noundef %gone, i64 noundef %n, i8 noundef signext %c) local_unnamed_addr {
entry:
  %size1 = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size1, align 8
  %add = sub i64 %n, %gone
  %sub = add i64 %add, %0
  %1 = load ptr, ptr %s, align 8
  %2 = getelementptr inbounds nuw i8, ptr %s, i64 16
  %cmp.i = icmp eq ptr %1, %2
  br i1 %cmp.i, label %room.exit, label %cond.false.i

cond.false.i:
  %3 = load i64, ptr %2, align 8
  br label %room.exit

room.exit:
  %cond.i = phi i64 [ %3, %cond.false.i ], [ 15, %entry ]
  %cmp = icmp ugt i64 %sub, %cond.i
  br i1 %cmp, label %if.then, label %if.else

if.then:
  tail call void @enzyme.body.string.mutate(ptr noundef nonnull %s, i64 noundef %at, i64 noundef %gone, ptr noundef null, i64 noundef %n)
  br label %if.end

if.else:
  %add.ptr = getelementptr inbounds nuw i8, ptr %1, i64 %at
  %add.ptr2 = getelementptr inbounds nuw i8, ptr %add.ptr, i64 %n
  %add.ptr5 = getelementptr inbounds nuw i8, ptr %add.ptr, i64 %gone
  %4 = add i64 %gone, %at
  %sub8 = sub i64 %0, %4
  tail call void @llvm.memmove.p0.p0.i64(ptr align 1 %add.ptr2, ptr align 1 %add.ptr5, i64 %sub8, i1 false)
  br label %if.end

if.end:
  %5 = load ptr, ptr %s, align 8
  %add.ptr10 = getelementptr inbounds nuw i8, ptr %5, i64 %at
  tail call void @llvm.memset.p0.i64(ptr align 1 %add.ptr10, i8 %c, i64 %n, i1 false)
  store i64 %sub, ptr %size1, align 8
  %6 = load ptr, ptr %s, align 8
  %arrayidx.i = getelementptr inbounds nuw i8, ptr %6, i64 %sub
  store i8 0, ptr %arrayidx.i, align 1
  ret ptr %s
}

declare void @llvm.memset.p0.i64(ptr writeonly captures(none), i8, i64, i1 immarg)

define dso_local noundef ptr @enzyme.body.string.append(ptr noundef returned captures(address, ret: address, provenance) %s, ptr noundef readonly captures(address) %from, i64 noundef %n) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %call = tail call ptr @enzyme.body.string.replace(ptr noundef %s, i64 noundef %0, i64 noundef 0, ptr noundef %from, i64 noundef %n)
  ret ptr %s
}

define dso_local noundef ptr @enzyme.body.string.append_text(ptr noundef returned captures(address, ret: address, provenance) %s, ptr noundef readonly captures(address) %from) local_unnamed_addr {
entry:
  %call = tail call i64 @strlen(ptr noundef nonnull dereferenceable(1) %from)
  %call1 = tail call ptr @enzyme.body.string.append(ptr noundef %s, ptr noundef nonnull %from, i64 noundef %call)
  ret ptr %s
}

declare i64 @strlen(ptr noundef captures(none)) local_unnamed_addr

define dso_local noundef ptr @enzyme.body.string.append_string(ptr noundef returned captures(address, ret: address, provenance) %s, ptr noundef readonly captures(none) %from) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %from, align 8
  %size = getelementptr inbounds nuw i8, ptr %from, i64 8
  %1 = load i64, ptr %size, align 8
  %call = tail call ptr @enzyme.body.string.append(ptr noundef %s, ptr noundef %0, i64 noundef %1)
  ret ptr %s
}

define dso_local noundef ptr @enzyme.body.string.append_filled(ptr noundef returned captures(address, ret: address, provenance) %s, i64 noundef %n, i8 noundef signext %c) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %call = tail call ptr @enzyme.body.string.replace_filled(ptr noundef %s, i64 noundef %0, i64 noundef 0, i64 noundef %n, i8 noundef signext %c)
  ret ptr %s
}

define dso_local void @enzyme.body.string.push(ptr noundef captures(address) %s, i8 noundef signext %c) local_unnamed_addr {
entry:
  %c.addr = alloca i8, align 1
  store i8 %c, ptr %c.addr, align 1
  %call = call ptr @enzyme.body.string.append(ptr noundef %s, ptr noundef nonnull %c.addr, i64 noundef 1)
  ret void
}

define dso_local noundef ptr @enzyme.body.string.append_one(ptr noundef returned captures(address, ret: address, provenance) %s, i8 noundef signext %c) local_unnamed_addr {
entry:
  %c.addr = alloca i8, align 1
  store i8 %c, ptr %c.addr, align 1
  %call = call ptr @enzyme.body.string.append(ptr noundef %s, ptr noundef nonnull %c.addr, i64 noundef 1)
  ret ptr %s
}

define dso_local void @enzyme.body.string.pop(ptr noundef captures(none) %s) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %sub = add i64 %0, -1
  store i64 %sub, ptr %size, align 8
  %1 = load ptr, ptr %s, align 8
  %arrayidx.i = getelementptr inbounds nuw i8, ptr %1, i64 %sub
  store i8 0, ptr %arrayidx.i, align 1
  ret void
}

define dso_local noundef ptr @enzyme.body.string.insert(ptr noundef returned captures(address, ret: address, provenance) %s, i64 noundef %at, ptr noundef readonly captures(address) %from) local_unnamed_addr {
entry:
  %call = tail call i64 @strlen(ptr noundef nonnull dereferenceable(1) %from)
  %call1 = tail call ptr @enzyme.body.string.replace_checked(ptr noundef %s, i64 noundef %at, i64 noundef 0, ptr noundef nonnull %from, i64 noundef %call)
  ret ptr %s
}

define dso_local noundef ptr @enzyme.body.string.insert_string(ptr noundef returned captures(address, ret: address, provenance) %s, i64 noundef %at, ptr noundef readonly captures(none) %from) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %from, align 8
  %size = getelementptr inbounds nuw i8, ptr %from, i64 8
  %1 = load i64, ptr %size, align 8
  %call = tail call ptr @enzyme.body.string.replace_checked(ptr noundef %s, i64 noundef %at, i64 noundef 0, ptr noundef %0, i64 noundef %1)
  ret ptr %s
}

define dso_local void @enzyme.body.string.cut(ptr noundef captures(none) %s, i64 noundef %at, i64 noundef %n) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %s, align 8
  %add.ptr = getelementptr inbounds nuw i8, ptr %0, i64 %at
  %add.ptr3 = getelementptr inbounds nuw i8, ptr %add.ptr, i64 %n
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %1 = load i64, ptr %size, align 8
  %2 = add i64 %n, %at
  %sub4 = sub i64 %1, %2
  tail call void @llvm.memmove.p0.p0.i64(ptr align 1 %add.ptr, ptr align 1 %add.ptr3, i64 %sub4, i1 false)
  %3 = load i64, ptr %size, align 8
  %sub6 = sub i64 %3, %n
  store i64 %sub6, ptr %size, align 8
  %4 = load ptr, ptr %s, align 8
  %arrayidx.i = getelementptr inbounds nuw i8, ptr %4, i64 %sub6
  store i8 0, ptr %arrayidx.i, align 1
  ret void
}

define dso_local noundef ptr @enzyme.body.string.erase(ptr noundef returned captures(ret: address, provenance) %s, i64 noundef %at, i64 noundef %n) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %cmp.i = icmp ugt i64 %at, %0
  br i1 %cmp.i, label %if.then.i, label %check.exit

if.then.i:
  tail call void @_ZSt20__throw_out_of_rangePKc(ptr noundef nonnull @.str)
  unreachable

check.exit:
  %sub = sub nuw i64 %0, %at
  %cond.i = tail call i64 @llvm.umin.i64(i64 %n, i64 %sub)
  tail call void @enzyme.body.string.cut(ptr noundef nonnull %s, i64 noundef %at, i64 noundef %cond.i)
  ret ptr %s
}

define dso_local void @enzyme.body.string.clear(ptr noundef captures(none) initializes((8, 16)) %s) local_unnamed_addr {
entry:
  %size1.i = getelementptr inbounds nuw i8, ptr %s, i64 8
  store i64 0, ptr %size1.i, align 8
  %0 = load ptr, ptr %s, align 8
  store i8 0, ptr %0, align 1
  ret void
}

define dso_local void @enzyme.body.string.assign_string(ptr noundef captures(address) %s, ptr noundef readonly captures(address) %from) local_unnamed_addr {
entry:
  %cmp.not = icmp eq ptr %s, %from
  br i1 %cmp.not, label %if.end, label %if.then

if.then:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %1 = load ptr, ptr %from, align 8
  %size1 = getelementptr inbounds nuw i8, ptr %from, i64 8
  %2 = load i64, ptr %size1, align 8
  %call = tail call ptr @enzyme.body.string.replace(ptr noundef %s, i64 noundef 0, i64 noundef %0, ptr noundef %1, i64 noundef %2)
  br label %if.end

if.end:
  ret void
}

define dso_local noundef ptr @enzyme.body.string.assign(ptr noundef returned captures(address, ret: address, provenance) %s, ptr noundef readonly captures(address) %from) local_unnamed_addr {
entry:
  tail call void @enzyme.body.string.assign_string(ptr noundef %s, ptr noundef %from)
  ret ptr %s
}

define dso_local noundef ptr @enzyme.body.string.assign_text(ptr noundef returned captures(address, ret: address, provenance) %s, ptr noundef readonly captures(address) %from) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %call = tail call i64 @strlen(ptr noundef nonnull dereferenceable(1) %from)
  %call1 = tail call ptr @enzyme.body.string.replace(ptr noundef %s, i64 noundef 0, i64 noundef %0, ptr noundef nonnull %from, i64 noundef %call)
  ret ptr %s
}

define dso_local void @enzyme.body.string.reserve(ptr noundef captures(address) %s, i64 noundef %n) local_unnamed_addr {
entry:
  %n.addr = alloca i64, align 8
  store i64 %n, ptr %n.addr, align 8
  %0 = load ptr, ptr %s, align 8
  %1 = getelementptr inbounds nuw i8, ptr %s, i64 16
  %cmp.i = icmp eq ptr %0, %1
  br i1 %cmp.i, label %room.exit, label %cond.false.i

cond.false.i:
  %2 = load i64, ptr %1, align 8
  br label %room.exit

room.exit:
  %cond.i = phi i64 [ %2, %cond.false.i ], [ 15, %entry ]
  %cmp.not = icmp ugt i64 %n, %cond.i
  br i1 %cmp.not, label %if.end, label %cleanup

if.end:
  %call1 = call ptr @enzyme.body.string.create(ptr nonnull poison, ptr noundef nonnull %n.addr, i64 noundef %cond.i)
  %3 = load ptr, ptr %s, align 8
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %4 = load i64, ptr %size, align 8
  %add = add i64 %4, 1
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %call1, ptr align 1 %3, i64 %add, i1 false)
  %5 = load ptr, ptr %s, align 8
  %cmp.not.i = icmp eq ptr %5, %1
  br i1 %cmp.not.i, label %drop.exit, label %if.then.i

if.then.i:
  tail call void @_ZdlPv(ptr noundef %5)
  br label %drop.exit

drop.exit:
  store ptr %call1, ptr %s, align 8
  %6 = load i64, ptr %n.addr, align 8
  store i64 %6, ptr %1, align 8
  br label %cleanup

cleanup:
  ret void
}

define dso_local void @enzyme.body.string.resize_filled(ptr noundef captures(address) %s, i64 noundef %n, i8 noundef signext %c) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %cmp = icmp ugt i64 %n, %0
  br i1 %cmp, label %if.then, label %if.else

if.then:
  %sub = sub nuw i64 %n, %0
  %call = tail call ptr @enzyme.body.string.append_filled(ptr noundef nonnull %s, i64 noundef %sub, i8 noundef signext %c)
  br label %if.end

if.else:
  store i64 %n, ptr %size, align 8
  %1 = load ptr, ptr %s, align 8
  %arrayidx.i = getelementptr inbounds nuw i8, ptr %1, i64 %n
  store i8 0, ptr %arrayidx.i, align 1
  br label %if.end

if.end:
  ret void
}

define dso_local void @enzyme.body.string.resize(ptr noundef captures(address) %s, i64 noundef %n) local_unnamed_addr {
entry:
  tail call void @enzyme.body.string.resize_filled(ptr noundef %s, i64 noundef %n, i8 noundef signext 0)
  ret void
}

define dso_local void @enzyme.body.string.construct_filled(ptr noundef %s, i64 noundef %n, i8 noundef signext %c) local_unnamed_addr {
entry:
  %n.addr = alloca i64, align 8
  store i64 %n, ptr %n.addr, align 8
  %0 = getelementptr inbounds nuw i8, ptr %s, i64 16
  store ptr %0, ptr %s, align 8
  %cmp = icmp ugt i64 %n, 15
  br i1 %cmp, label %if.then, label %if.end

if.then:
  %call = call ptr @enzyme.body.string.create(ptr nonnull poison, ptr noundef nonnull %n.addr, i64 noundef 0)
  store ptr %call, ptr %s, align 8
  %1 = load i64, ptr %n.addr, align 8
  store i64 %1, ptr %0, align 8
  br label %if.end

if.end:
  %2 = phi i64 [ %1, %if.then ], [ %n, %entry ]
  %3 = phi ptr [ %call, %if.then ], [ %0, %entry ]
  tail call void @llvm.memset.p0.i64(ptr align 1 %3, i8 %c, i64 %2, i1 false)
  %size1.i = getelementptr inbounds nuw i8, ptr %s, i64 8
  store i64 %2, ptr %size1.i, align 8
  %4 = load ptr, ptr %s, align 8
  %arrayidx.i = getelementptr inbounds nuw i8, ptr %4, i64 %2
  store i8 0, ptr %arrayidx.i, align 1
  ret void
}

define dso_local void @enzyme.body.string.make(ptr noundef %s) local_unnamed_addr {
entry:
  %0 = getelementptr inbounds nuw i8, ptr %s, i64 16
  store ptr %0, ptr %s, align 8
  %size1.i = getelementptr inbounds nuw i8, ptr %s, i64 8
  store i64 0, ptr %size1.i, align 8
  store i8 0, ptr %0, align 8
  ret void
}

define dso_local void @enzyme.body.string.copy(ptr noundef %s, ptr noundef readonly captures(none) %from) local_unnamed_addr {
entry:
  %n = alloca i64, align 8
  call void @llvm.lifetime.start.p0(ptr nonnull %n)
  %size = getelementptr inbounds nuw i8, ptr %from, i64 8
  %0 = load i64, ptr %size, align 8
  store i64 %0, ptr %n, align 8
  %1 = getelementptr inbounds nuw i8, ptr %s, i64 16
  store ptr %1, ptr %s, align 8
  %cmp = icmp ugt i64 %0, 15
  br i1 %cmp, label %if.then, label %if.end

if.then:
  %call = call ptr @enzyme.body.string.create(ptr nonnull poison, ptr noundef nonnull %n, i64 noundef 0)
  store ptr %call, ptr %s, align 8
  %2 = load i64, ptr %n, align 8
  store i64 %2, ptr %1, align 8
  br label %if.end

if.end:
  %3 = phi ptr [ %call, %if.then ], [ %1, %entry ]
  %4 = load ptr, ptr %from, align 8
  %5 = load i64, ptr %size, align 8
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %3, ptr align 1 %4, i64 %5, i1 false)
  %6 = load i64, ptr %size, align 8
  %size1.i = getelementptr inbounds nuw i8, ptr %s, i64 8
  store i64 %6, ptr %size1.i, align 8
  %7 = load ptr, ptr %s, align 8
  %arrayidx.i = getelementptr inbounds nuw i8, ptr %7, i64 %6
  store i8 0, ptr %arrayidx.i, align 1
  call void @llvm.lifetime.end.p0(ptr nonnull %n)
  ret void
}

define dso_local void @enzyme.body.string.part(ptr noundef %s, ptr noundef readonly captures(none) %from, i64 noundef %at, i64 noundef %n) local_unnamed_addr {
entry:
  %some = alloca %struct.String, align 8
  %size = getelementptr inbounds nuw i8, ptr %from, i64 8
  %0 = load i64, ptr %size, align 8
  %cmp.i = icmp ugt i64 %at, %0
  br i1 %cmp.i, label %if.then.i, label %check.exit

if.then.i:
  tail call void @_ZSt20__throw_out_of_rangePKc(ptr noundef nonnull @.str)
  unreachable

check.exit:
  call void @llvm.lifetime.start.p0(ptr nonnull %some)
  %1 = load ptr, ptr %from, align 8
  %add.ptr = getelementptr inbounds nuw i8, ptr %1, i64 %at
  store ptr %add.ptr, ptr %some, align 8
  %size2 = getelementptr inbounds nuw i8, ptr %some, i64 8
  %sub = sub nuw i64 %0, %at
  %cond.i = tail call i64 @llvm.umin.i64(i64 %n, i64 %sub)
  store i64 %cond.i, ptr %size2, align 8
  %2 = getelementptr inbounds nuw i8, ptr %some, i64 16
  call void @llvm.memset.p0.i64(ptr noundef nonnull align 8 dereferenceable(16) %2, i8 0, i64 16, i1 false)
  call void @enzyme.body.string.copy(ptr noundef %s, ptr noundef nonnull %some)
  call void @llvm.lifetime.end.p0(ptr nonnull %some)
  ret void
}

define dso_local void @enzyme.body.string.take(ptr noundef %s, ptr noundef %from) local_unnamed_addr {
entry:
  %0 = getelementptr inbounds nuw i8, ptr %s, i64 16
  store ptr %0, ptr %s, align 8
  %1 = load ptr, ptr %from, align 8
  %2 = getelementptr inbounds nuw i8, ptr %from, i64 16
  %cmp = icmp eq ptr %1, %2
  br i1 %cmp, label %if.then, label %if.else

if.then:
  %size = getelementptr inbounds nuw i8, ptr %from, i64 8
  %3 = load i64, ptr %size, align 8
  %add = add i64 %3, 1
  tail call void @llvm.memcpy.p0.p0.i64(ptr nonnull align 8 %0, ptr nonnull align 8 %2, i64 %add, i1 false)
  br label %if.end

if.else:
  store ptr %1, ptr %s, align 8
  %4 = load i64, ptr %2, align 8
  store i64 %4, ptr %0, align 8
  br label %if.end

if.end:
  %size7 = getelementptr inbounds nuw i8, ptr %from, i64 8
  %5 = load i64, ptr %size7, align 8
  %size8 = getelementptr inbounds nuw i8, ptr %s, i64 8
  store i64 %5, ptr %size8, align 8
  store ptr %2, ptr %from, align 8
  store i64 0, ptr %size7, align 8
  store i8 0, ptr %2, align 8
  ret void
}

define dso_local void @enzyme.body.string.dispose(ptr noundef readonly captures(address) %s) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %s, align 8
  %1 = getelementptr inbounds nuw i8, ptr %s, i64 16
  %cmp.not.i = icmp eq ptr %0, %1
  br i1 %cmp.not.i, label %drop.exit, label %if.then.i

if.then.i:
  tail call void @_ZdlPv(ptr noundef %0)
  br label %drop.exit

drop.exit:
  ret void
}

define dso_local noundef ptr @enzyme.body.string.assign_moved(ptr noundef returned %s, ptr noundef %from) local_unnamed_addr {
entry:
  %cmp = icmp eq ptr %s, %from
  br i1 %cmp, label %return, label %if.end

if.end:
  %0 = load ptr, ptr %from, align 8
  %1 = getelementptr inbounds nuw i8, ptr %from, i64 16
  %cmp1 = icmp eq ptr %0, %1
  br i1 %cmp1, label %if.then2, label %if.end3

if.then2:
  tail call void @enzyme.body.string.assign_string(ptr noundef %s, ptr noundef nonnull %from)
  %size1.i.i = getelementptr inbounds nuw i8, ptr %from, i64 8
  store i64 0, ptr %size1.i.i, align 8
  %2 = load ptr, ptr %from, align 8
  store i8 0, ptr %2, align 1
  br label %return

if.end3:
  %3 = load ptr, ptr %s, align 8
  %4 = getelementptr inbounds nuw i8, ptr %s, i64 16
  %cmp.not.i = icmp eq ptr %3, %4
  br i1 %cmp.not.i, label %drop.exit, label %if.then.i

if.then.i:
  tail call void @_ZdlPv(ptr noundef %3)
  br label %drop.exit

drop.exit:
  tail call void @enzyme.body.string.take(ptr noundef nonnull %s, ptr noundef nonnull %from)
  br label %return

return:
  ret ptr %s
}

define dso_local void @enzyme.body.string.exchange(ptr noundef %a, ptr noundef %b) local_unnamed_addr {
entry:
  %other = alloca %struct.String, align 8
  call void @llvm.lifetime.start.p0(ptr nonnull %other)
  call void @enzyme.body.string.take(ptr noundef nonnull %other, ptr noundef %a)
  call void @enzyme.body.string.take(ptr noundef %a, ptr noundef %b)
  %0 = getelementptr inbounds nuw i8, ptr %b, i64 16
  store ptr %0, ptr %b, align 8
  %1 = load ptr, ptr %other, align 8
  %2 = getelementptr inbounds nuw i8, ptr %other, i64 16
  %cmp.i = icmp eq ptr %1, %2
  br i1 %cmp.i, label %if.then.i, label %if.else.i

if.then.i:
  %size.i = getelementptr inbounds nuw i8, ptr %other, i64 8
  %3 = load i64, ptr %size.i, align 8
  %add.i = add i64 %3, 1
  call void @llvm.memcpy.p0.p0.i64(ptr nonnull align 8 %0, ptr nonnull align 8 %2, i64 %add.i, i1 false)
  br label %enzyme.body.string.take.exit

if.else.i:
  store ptr %1, ptr %b, align 8
  %4 = load i64, ptr %2, align 8
  store i64 %4, ptr %0, align 8
  %size7.i.phi.trans.insert = getelementptr inbounds nuw i8, ptr %other, i64 8
  %.pre = load i64, ptr %size7.i.phi.trans.insert, align 8
  br label %enzyme.body.string.take.exit

enzyme.body.string.take.exit:
  %5 = phi i64 [ %3, %if.then.i ], [ %.pre, %if.else.i ]
  %size8.i = getelementptr inbounds nuw i8, ptr %b, i64 8
  store i64 %5, ptr %size8.i, align 8
  call void @llvm.lifetime.end.p0(ptr nonnull %other)
  ret void
}

define dso_local void @enzyme.body.string.set_data(ptr noundef writeonly captures(none) initializes((0, 8)) %s, ptr noundef %data) local_unnamed_addr {
entry:
  store ptr %data, ptr %s, align 8
  ret void
}

define dso_local void @enzyme.body.string.set_capacity(ptr noundef writeonly captures(none) initializes((16, 24)) %s, i64 noundef %n) local_unnamed_addr {
entry:
  %0 = getelementptr inbounds nuw i8, ptr %s, i64 16
  store i64 %n, ptr %0, align 8
  ret void
}

define dso_local void @enzyme.body.string.set_length(ptr noundef captures(none) initializes((8, 16)) %s, i64 noundef %n) local_unnamed_addr {
entry:
  %size1.i = getelementptr inbounds nuw i8, ptr %s, i64 8
  store i64 %n, ptr %size1.i, align 8
  %0 = load ptr, ptr %s, align 8
  %arrayidx.i = getelementptr inbounds nuw i8, ptr %0, i64 %n
  store i8 0, ptr %arrayidx.i, align 1
  ret void
}

define dso_local nonnull ptr @enzyme.body.string.local_data(ptr noundef readnone captures(ret: address, provenance) %s) local_unnamed_addr {
entry:
  %0 = getelementptr inbounds nuw i8, ptr %s, i64 16
  ret ptr %0
}

define dso_local nonnull ptr @enzyme.body.string.use_local_data(ptr noundef readnone captures(ret: address, provenance) %s) local_unnamed_addr {
entry:
  %0 = getelementptr inbounds nuw i8, ptr %s, i64 16
  ret ptr %0
}

define dso_local void @enzyme.body.string.copy_chars(ptr noundef writeonly captures(none) %to, ptr noundef %from, ptr noundef %stop) local_unnamed_addr {
entry:
  %sub.ptr.lhs.cast = ptrtoint ptr %stop to i64
  %sub.ptr.rhs.cast = ptrtoint ptr %from to i64
  %sub.ptr.sub = sub i64 %sub.ptr.lhs.cast, %sub.ptr.rhs.cast
  tail call void @llvm.memcpy.p0.p0.i64(ptr align 1 %to, ptr align 1 %from, i64 %sub.ptr.sub, i1 false)
  ret void
}

define dso_local void @enzyme.body.string.hide(ptr noundef writeonly captures(none) initializes((0, 8)) %s, ptr noundef %data, ptr noundef readnone captures(none) %allocator) local_unnamed_addr {
entry:
  store ptr %data, ptr %s, align 8
  ret void
}

define dso_local void @enzyme.body.string.nothing(ptr noundef readnone captures(none) %allocator) local_unnamed_addr {
entry:
  ret void
}

define dso_local ptr @enzyme.body.string.data(ptr noundef readonly captures(none) %s) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %s, align 8
  ret ptr %0
}

define dso_local ptr @enzyme.body.string.stop(ptr noundef readonly captures(none) %s) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %s, align 8
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %1 = load i64, ptr %size, align 8
  %add.ptr = getelementptr inbounds nuw i8, ptr %0, i64 %1
  ret ptr %add.ptr
}

define dso_local i64 @enzyme.body.string.size(ptr noundef readonly captures(none) %s) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  ret i64 %0
}

define dso_local i64 @enzyme.body.string.capacity(ptr noundef readonly captures(address) %s) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %s, align 8
  %1 = getelementptr inbounds nuw i8, ptr %s, i64 16
  %cmp.i = icmp eq ptr %0, %1
  br i1 %cmp.i, label %room.exit, label %cond.false.i

cond.false.i:
  %2 = load i64, ptr %1, align 8
  br label %room.exit

room.exit:
  %cond.i = phi i64 [ %2, %cond.false.i ], [ 15, %entry ]
  ret i64 %cond.i
}

define dso_local zeroext i1 @enzyme.body.string.empty(ptr noundef readonly captures(none) %s) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %cmp = icmp eq i64 %0, 0
  ret i1 %cmp
}

define dso_local ptr @enzyme.body.string.at(ptr noundef readonly captures(none) %s, i64 noundef %i) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %s, align 8
  %add.ptr = getelementptr inbounds nuw i8, ptr %0, i64 %i
  ret ptr %add.ptr
}

define dso_local ptr @enzyme.body.string.at_checked(ptr noundef readonly captures(none) %s, i64 noundef %i) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  %cmp.not = icmp ult i64 %i, %0
  br i1 %cmp.not, label %if.end, label %if.then

if.then:
  tail call void @_ZSt20__throw_out_of_rangePKc(ptr noundef nonnull @.str)
  unreachable

if.end:
  %1 = load ptr, ptr %s, align 8
  %add.ptr = getelementptr inbounds nuw i8, ptr %1, i64 %i
  ret ptr %add.ptr
}

declare void @_ZSt20__throw_out_of_rangePKc(ptr noundef) local_unnamed_addr

define dso_local i32 @enzyme.body.string.compare(ptr noundef readonly captures(none) %s, ptr noundef readonly captures(none) %other) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %s, align 8
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %1 = load i64, ptr %size, align 8
  %2 = load ptr, ptr %other, align 8
  %size2 = getelementptr inbounds nuw i8, ptr %other, i64 8
  %3 = load i64, ptr %size2, align 8
  %cond.i.i = tail call i64 @llvm.umin.i64(i64 %1, i64 %3)
  %call1.i = tail call i32 @memcmp(ptr noundef %0, ptr noundef %2, i64 noundef %cond.i.i)
  %tobool.not.i = icmp eq i32 %call1.i, 0
  %cond.i = tail call i32 @llvm.ucmp.i32.i64(i64 %1, i64 %3)
  %cond6.i = select i1 %tobool.not.i, i32 %cond.i, i32 %call1.i
  ret i32 %cond6.i
}

define dso_local i32 @enzyme.body.string.compare_text(ptr noundef readonly captures(none) %s, ptr noundef readonly captures(none) %text) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %s, align 8
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %1 = load i64, ptr %size, align 8
  %call = tail call i64 @strlen(ptr noundef nonnull dereferenceable(1) %text)
  %cond.i.i = tail call i64 @llvm.umin.i64(i64 %1, i64 %call)
  %call1.i = tail call i32 @memcmp(ptr noundef %0, ptr noundef nonnull %text, i64 noundef %cond.i.i)
  %tobool.not.i = icmp eq i32 %call1.i, 0
  %cond.i = tail call i32 @llvm.ucmp.i32.i64(i64 %1, i64 %call)
  %cond6.i = select i1 %tobool.not.i, i32 %cond.i, i32 %call1.i
  ret i32 %cond6.i
}

define dso_local i64 @enzyme.body.string.find(ptr noundef readonly captures(none) %s, ptr noundef readonly captures(none) %text, i64 noundef %at, i64 noundef %n) local_unnamed_addr {
entry:
  %size = getelementptr inbounds nuw i8, ptr %s, i64 8
  %0 = load i64, ptr %size, align 8
  br label %for.cond

for.cond:
  %at.addr.0 = phi i64 [ %at, %entry ], [ %inc, %for.inc ]
  %cmp.not = icmp ugt i64 %at.addr.0, %0
  %sub = sub nuw i64 %0, %at.addr.0
  %cmp2.not = icmp ugt i64 %n, %sub
  %or.cond = select i1 %cmp.not, i1 true, i1 %cmp2.not
  br i1 %or.cond, label %return, label %for.body

for.body:
  %1 = load ptr, ptr %s, align 8
  %add.ptr = getelementptr inbounds nuw i8, ptr %1, i64 %at.addr.0
  %bcmp = tail call i32 @bcmp(ptr %add.ptr, ptr %text, i64 %n)
  %cmp3 = icmp eq i32 %bcmp, 0
  br i1 %cmp3, label %return, label %for.inc

for.inc:
  %inc = add i64 %at.addr.0, 1
  br label %for.cond

return:
  %retval.0 = phi i64 [ %at.addr.0, %for.body ], [ -1, %for.cond ]
  ret i64 %retval.0
}

declare i32 @memcmp(ptr noundef captures(none), ptr noundef captures(none), i64 noundef) local_unnamed_addr

define dso_local i64 @enzyme.body.string.find_text(ptr noundef readonly captures(none) %s, ptr noundef readonly captures(none) %text, i64 noundef %at) local_unnamed_addr {
entry:
  %call = tail call i64 @strlen(ptr noundef nonnull dereferenceable(1) %text)
  %call1 = tail call i64 @enzyme.body.string.find(ptr noundef %s, ptr noundef nonnull %text, i64 noundef %at, i64 noundef %call)
  ret i64 %call1
}

define dso_local i64 @enzyme.body.string.find_string(ptr noundef readonly captures(none) %s, ptr noundef readonly captures(none) %text, i64 noundef %at) local_unnamed_addr {
entry:
  %0 = load ptr, ptr %text, align 8
  %size = getelementptr inbounds nuw i8, ptr %text, i64 8
  %1 = load i64, ptr %size, align 8
  %call = tail call i64 @enzyme.body.string.find(ptr noundef %s, ptr noundef %0, i64 noundef %at, i64 noundef %1)
  ret i64 %call
}

define dso_local i64 @enzyme.body.string.find_one(ptr noundef readonly captures(none) %s, i8 noundef signext %c, i64 noundef %at) local_unnamed_addr {
entry:
  %c.addr = alloca i8, align 1
  store i8 %c, ptr %c.addr, align 1
  %call = call i64 @enzyme.body.string.find(ptr noundef %s, ptr noundef nonnull %c.addr, i64 noundef %at, i64 noundef 1)
  ret i64 %call
}

declare i64 @llvm.umin.i64(i64, i64)

declare range(i32 -1, 2) i32 @llvm.ucmp.i32.i64(i64, i64)

declare i32 @bcmp(ptr captures(none), ptr captures(none), i64) local_unnamed_addr
