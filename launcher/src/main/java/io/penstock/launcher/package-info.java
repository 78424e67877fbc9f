package io.penstock.launcher;
