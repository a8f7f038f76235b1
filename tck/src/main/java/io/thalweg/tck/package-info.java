/**
 * What all suites share, and how they are run.
 *
 * <p>A plug-in is compiled against {@code io.thalweg:thalweg-spi}; its tests need {@code io.thalweg:thalweg-tck} of the same version, which
 * brings JUnit Jupiter and AssertJ:
 *
 * <pre>{@code
 * <dependency>
 *   <groupId>io.thalweg</groupId>
 *   <artifactId>thalweg-tck</artifactId>
 *   <version>${thalweg.version}</version>
 *   <scope>test</scope>
 * </dependency>
 *
 * <plugin>
 *   <artifactId>maven-surefire-plugin</artifactId>
 *   <configuration>
 *     <useModulePath>false</useModulePath>
 *     <excludedGroups>slow</excludedGroups>
 *   </configuration>
 * </plugin>
 * }</pre>
 *
 * <p>Without {@code useModulePath} a plug-in that is a module has its tests patched into it, and they do not see the suites: on the class
 * path they do. The group {@code slow} are campaigns of several minutes with seeds that differ each time; it is worth running before a
 * release.
 *
 * <p>A random test that fails names its seed. {@code mvn test -DargLine=-Dseed=7} runs it again with that one; where the build has an
 * {@code argLine} of its own, {@code -Dseed=7} belongs into it.
 *
 * <p>A test that cannot be passed for lack of an ability is skipped, with the name of the ability that is not declared.
 */
package io.thalweg.tck;
