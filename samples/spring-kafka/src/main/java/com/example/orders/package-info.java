/** An application with spring-kafka. */
package com.example.orders;
