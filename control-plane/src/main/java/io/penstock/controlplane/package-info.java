package io.penstock.controlplane;
