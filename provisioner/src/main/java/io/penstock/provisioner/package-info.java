package io.penstock.provisioner;
